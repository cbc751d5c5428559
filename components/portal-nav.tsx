/** The portal's pages, for the side bar and the menu on phones. */
import { CodeXml, UserRound } from "lucide-react";
import { NavLink } from "./ui/nav-link";

export function PortalNav({ label }: { label: string }) {
  return (
    <nav aria-label={label}>
      <h2 className="mb-1 px-2.5 font-medium text-faint text-xs">Settings</h2>
      <ul className="grid gap-0.5">
        <li>
          <NavLink href="/settings/profile" icon={<UserRound aria-hidden />}>
            Profile
          </NavLink>
        </li>
        <li>
          <NavLink href="/settings/api-access" icon={<CodeXml aria-hidden />}>
            API Access
          </NavLink>
        </li>
      </ul>
    </nav>
  );
}
