/** The filters of an audit log: a plain GET form, so that what it finds has an address. */
import Link from "next/link";
import type { AuditQuery } from "@/lib/server/audit-query";
import { auditChoices } from "./audit-words";
import { Button, buttonClass } from "./ui/button";
import { Card } from "./ui/card";
import { SelectField } from "./ui/select-field";
import { TextField } from "./ui/text-field";

const actions = [
  { value: "", label: "Everything" },
  ...auditChoices().flatMap(({ label, options }) =>
    options.map((option) => ({ value: option.value, label: `${label}: ${option.label}` })),
  ),
];

export function AuditFilterForm({ path, asked }: { path: string; asked: AuditQuery<"installation"> }) {
  const isFiltered = Object.values(asked).some(Boolean);
  return (
    <Card className="mb-4">
      <search>
        <form action={path} className="grid items-end gap-4 p-4 sm:grid-cols-2 sm:p-5 lg:grid-cols-3">
          <TextField
            id="person"
            name="person"
            label="Person"
            placeholder="Email address"
            defaultValue={asked.person}
            maxLength={254}
            autoComplete="off"
            spellCheck={false}
          />
          <TextField
            id="app"
            name="app"
            label="App"
            placeholder="Name or client ID"
            defaultValue={asked.app}
            maxLength={254}
            autoComplete="off"
            spellCheck={false}
          />
          <TextField
            id="company"
            name="company"
            label="Company"
            placeholder="Name"
            defaultValue={asked.company}
            maxLength={254}
            autoComplete="off"
            spellCheck={false}
          />
          <SelectField
            id="action"
            name="action"
            label="Action"
            options={actions}
            defaultValue={asked.action}
          />
          <div className="grid grid-cols-2 gap-3">
            <TextField id="from" name="from" label="From" type="date" defaultValue={asked.from} />
            <TextField id="to" name="to" label="To" type="date" defaultValue={asked.to} />
          </div>
          <div className="flex gap-2.5">
            <Button type="submit" variant="primary">
              Filter
            </Button>
            {isFiltered && (
              <Link href={path} className={buttonClass()}>
                Clear
              </Link>
            )}
          </div>
        </form>
      </search>
    </Card>
  );
}
