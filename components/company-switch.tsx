/** Which company the page is about, and the way to another one. Plain links: works without JavaScript. */
import { Check, ChevronsUpDown } from "lucide";
import Link from "next/link";
import { Icon } from "./ui/icon";
import { Logo } from "./ui/logo";

interface CompanySwitchProps {
  current: { id: string; name: string };
  companies: readonly { id: string; name: string }[];
  /** The page's address; the company goes into `?company=`. */
  path: string;
}

/** The key closes the list when a choice was made. */
export function CompanySwitch({ current, companies, path }: CompanySwitchProps) {
  if (companies.length < 2) return null;
  return (
    <details key={current.id} className="group relative mb-5 w-fit max-w-full">
      <summary className="flex h-10 list-none items-center gap-2.5 rounded-md border border-edge bg-panel pr-2.5 pl-2 text-md hover:bg-sunk pointer-coarse:h-11 [&::-webkit-details-marker]:hidden">
        <span className="sr-only">Company</span>
        <Logo name={current.name} src={null} size="sm" />
        <span className="min-w-0 truncate font-medium">{current.name}</span>
        <Icon of={ChevronsUpDown} className="ml-2 size-4 shrink-0 text-faint" />
      </summary>
      <nav
        aria-label="Company"
        className="absolute z-20 mt-1.5 max-h-80 w-72 max-w-[calc(100vw-2rem)] overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-lg"
      >
        <ul>
          {companies.map(({ id, name }) => (
            <li key={id}>
              <Link
                href={`${path}?company=${id}`}
                aria-current={id === current.id ? "true" : undefined}
                className="-outline-offset-2 flex min-h-9 items-center gap-2.5 rounded-md px-2 text-md hover:bg-sunk pointer-coarse:min-h-11"
              >
                <Logo name={name} src={null} size="sm" />
                <span className="min-w-0 flex-1 truncate">{name}</span>
                {id === current.id && <Icon of={Check} className="size-4 shrink-0 text-accent" />}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </details>
  );
}
