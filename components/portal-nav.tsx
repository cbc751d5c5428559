/** The portal's pages, for the side bar and the menu on phones. */
import { Blocks, Bot, Building2, CodeXml, Gauge, SlidersHorizontal, UserRound } from "lucide";
import type { ReactNode } from "react";
import { Icon } from "./ui/icon";
import { NavLink } from "./ui/nav-link";

interface PortalNavProps {
  label: string;
  /** Of a company, whatever their role in it. */
  isMember: boolean;
  isAdmin: boolean;
}

interface Place {
  href: string;
  label: string;
  icon: ReactNode;
}

const settings: readonly Place[] = [
  { href: "/settings/profile", label: "Profile", icon: <Icon of={UserRound} /> },
  { href: "/settings/api-access", label: "API Access", icon: <Icon of={CodeXml} /> },
];

const companySetup: readonly Place[] = [
  { href: "/company/api", label: "API", icon: <Icon of={Building2} /> },
];

const administration: readonly Place[] = [
  { href: "/admin/apps", label: "Apps", icon: <Icon of={Blocks} /> },
  { href: "/admin/service-accounts", label: "Service accounts", icon: <Icon of={Bot} /> },
  { href: "/admin/posture", label: "Posture", icon: <Icon of={Gauge} /> },
  { href: "/admin/settings", label: "Settings", icon: <Icon of={SlidersHorizontal} /> },
];

export function PortalNav({ label, isMember, isAdmin }: PortalNavProps) {
  return (
    <nav aria-label={label} className="grid gap-5">
      <Section title="Settings" places={settings} />
      {isMember && <Section title="Company setup" places={companySetup} />}
      {isAdmin && <Section title="Administration" places={administration} />}
    </nav>
  );
}

function Section({ title, places }: { title: string; places: readonly Place[] }) {
  return (
    <div>
      <h2 className="mb-1 px-2.5 font-medium text-faint text-xs">{title}</h2>
      <ul className="grid gap-0.5">
        {places.map(({ href, label, icon }) => (
          <li key={href}>
            <NavLink href={href} icon={icon}>
              {label}
            </NavLink>
          </li>
        ))}
      </ul>
    </div>
  );
}
