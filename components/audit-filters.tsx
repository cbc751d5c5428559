/** What an audit log shows, as a plain GET form: its result has an address. */
import { ChevronsUpDown } from "lucide";
import Link from "next/link";
import { auditChoices } from "./audit-words";
import { Button, buttonClass } from "./ui/button";
import { Card } from "./ui/card";
import { cn } from "./ui/cn";
import { controlClass, Field } from "./ui/field";
import { Icon } from "./ui/icon";
import { TextField } from "./ui/text-field";

interface AuditFiltersProps {
  /** The log's address. */
  path: string;
  /** What the address says now. */
  values: Partial<Record<"actor" | "person" | "app" | "action" | "from" | "to", string>>;
  /** The name of the one person, or app, that a link chose. */
  chosen: { actor?: string; app?: string };
  /** The kinds of actions that are offered; all otherwise. */
  kinds?: readonly string[];
}

const control = "h-9 text-base pointer-coarse:h-11";

export function AuditFilters({ path, values, chosen, kinds }: AuditFiltersProps) {
  const isFiltered = Object.values(values).some(Boolean);
  return (
    <Card className="mb-5 p-4 sm:p-5">
      <form action={path} className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        {values.actor ? (
          <Chosen name="actor" label="Person" value={values.actor} text={chosen.actor} />
        ) : (
          <TextField
            id="person"
            name="person"
            label="Person"
            placeholder="Email address"
            type="search"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={254}
            defaultValue={values.person}
          />
        )}
        {values.app && <Chosen name="app" label="App" value={values.app} text={chosen.app} />}
        <Field id="action" label="Action">
          <div className="relative">
            <select
              id="action"
              name="action"
              defaultValue={values.action ?? ""}
              className={cn(controlClass, control, "appearance-none truncate pr-9")}
            >
              <option value="">Everything</option>
              {auditChoices(kinds).map(({ label, options }) => (
                <optgroup key={label} label={label}>
                  {options.map((option) => (
                    <option key={option.value} value={option.value}>
                      {option.label}
                    </option>
                  ))}
                </optgroup>
              ))}
            </select>
            <Icon
              of={ChevronsUpDown}
              className="-translate-y-1/2 pointer-events-none absolute top-1/2 right-3 size-4 text-faint"
            />
          </div>
        </Field>
        <TextField id="from" name="from" label="From" type="date" defaultValue={values.from} />
        <TextField id="to" name="to" label="To" type="date" defaultValue={values.to} />
        <div className="flex gap-2.5 sm:col-span-full">
          <Button type="submit">Filter</Button>
          {isFiltered && (
            <Link href={path} className={buttonClass({ variant: "quiet" })}>
              Show everything
            </Link>
          )}
        </div>
      </form>
    </Card>
  );
}

/** A filter that a link set: it stays until everything is shown again. */
function Chosen({
  name,
  label,
  value,
  text,
}: {
  name: string;
  label: string;
  value: string;
  text: string | undefined;
}) {
  return (
    <div className="grid content-start gap-1.5">
      <span className="font-medium text-ink text-md">{label}</span>
      <input type="hidden" name={name} value={value} />
      <span className="flex h-9 min-w-0 items-center truncate text-md pointer-coarse:h-11">
        {text ?? value}
      </span>
    </div>
  );
}
