/** Which company the person works for, and the way to another one. A plain form: works without JavaScript. */
import { Check, ChevronsUpDown } from "lucide";
import { Icon } from "./ui/icon";
import { Logo } from "./ui/logo";

interface CompanySwitchProps {
  current: { id: string; name: string };
  companies: readonly { id: string; name: string }[];
}

/** Nothing for who has one company: there is nothing to change to. */
export function CompanySwitch({ current, companies }: CompanySwitchProps) {
  if (companies.length < 2) return null;
  return (
    <details className="group/switch relative mb-1">
      <summary className="flex h-9 list-none items-center gap-2.5 rounded-md border border-edge bg-panel pr-2 pl-1.5 text-md hover:bg-sunk pointer-coarse:h-11 [&::-webkit-details-marker]:hidden">
        <span className="sr-only">Company</span>
        <Logo name={current.name} src={null} size="sm" />
        <span className="min-w-0 flex-1 truncate font-medium">{current.name}</span>
        <Icon of={ChevronsUpDown} className="size-4 shrink-0 text-faint" />
      </summary>
      <form
        method="post"
        action="/company/switch"
        className="mt-1 rounded-lg border border-line bg-raised p-1 shadow-lg md:absolute md:inset-x-0 md:z-20"
      >
        <ul aria-label="Companies" className="max-h-72 overflow-y-auto">
          {companies.map(({ id, name }) => (
            <li key={id}>
              <button
                type="submit"
                name="company"
                value={id}
                aria-current={id === current.id ? "true" : undefined}
                className="-outline-offset-2 flex min-h-9 w-full items-center gap-2.5 rounded-md px-2 text-left text-md hover:bg-sunk pointer-coarse:min-h-11"
              >
                <Logo name={name} src={null} size="sm" />
                <span className="min-w-0 flex-1 truncate">{name}</span>
                {id === current.id && <Icon of={Check} className="size-4 shrink-0 text-accent" />}
              </button>
            </li>
          ))}
        </ul>
      </form>
    </details>
  );
}
