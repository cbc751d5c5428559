/** Which credentials the list shows, as links and a plain GET form: each view has an address. */
import { X } from "lucide";
import Link from "next/link";
import { path, type TokenFilters, tokensHref } from "@/app/(admin)/admin/tokens/filters";
import { credentialKinds } from "@/lib/db/inventory-filter";
import { kindWords } from "./inventory-words";
import { Button } from "./ui/button";
import { FilterLinks } from "./ui/filter-links";
import { Icon } from "./ui/icon";
import { SelectField } from "./ui/select-field";
import { TextField } from "./ui/text-field";

interface InventoryFiltersProps {
  chosen: TokenFilters;
  /** What the parts of the filter are called; null where nothing has that id. */
  named: { user: { name: string; email: string } | null; app: string | null; company: string | null };
}

export function InventoryFilters({ chosen, named }: InventoryFiltersProps) {
  const { show, ...narrow } = chosen;
  const { kind, user, app, company, ends } = narrow;
  const chips = [
    ...(user
      ? [{ what: `User: ${named.user?.name ?? "nobody"}`, without: { ...chosen, user: undefined } }]
      : []),
    ...(app ? [{ what: `App: ${named.app ?? "none"}`, without: { ...chosen, app: undefined } }] : []),
    ...(company
      ? [{ what: `Company: ${named.company ?? "none"}`, without: { ...chosen, company: undefined } }]
      : []),
    ...(ends ? [{ what: `Ends in ${ends}`, without: { ...chosen, ends: undefined } }] : []),
  ];
  return (
    <div className="mb-4 grid gap-3">
      <div className="grid gap-3 lg:flex lg:items-end lg:justify-between">
        <FilterLinks
          label="Credentials by state"
          links={[
            { href: tokensHref(narrow), label: "Active", current: !show },
            { href: tokensHref({ ...narrow, show: "ended" }), label: "Ended", current: show === "ended" },
          ]}
        />
        <form action={path} className="grid grid-cols-2 items-end gap-2 sm:flex">
          {show && <input type="hidden" name="show" value={show} />}
          {company && <input type="hidden" name="company" value={company} />}
          {ends && <input type="hidden" name="ends" value={ends} />}
          <SelectField
            key={kind}
            id="filter-kind"
            name="kind"
            label="Kind"
            defaultValue={kind ?? ""}
            className="sm:w-36"
            options={[
              { value: "", label: "All kinds" },
              ...credentialKinds.map((value) => ({ value, label: kindWords[value] })),
            ]}
          />
          <TextField
            id="filter-user"
            name="user"
            label="User"
            placeholder="E-mail address"
            defaultValue={named.user?.email}
            className="sm:w-44"
          />
          <TextField
            id="filter-app"
            name="app"
            label="App"
            placeholder="Client ID"
            defaultValue={app}
            className="sm:w-36"
          />
          <Button type="submit">Filter</Button>
        </form>
      </div>
      {chips.length > 0 && (
        <ul className="flex flex-wrap gap-1.5" aria-label="Filters">
          {chips.map(({ what, without }) => (
            <li key={what}>
              <Link
                href={tokensHref(without)}
                className="inline-flex items-center gap-1 rounded-full border border-edge bg-panel px-2.5 py-0.5 text-sm hover:bg-sunk"
              >
                {what} <Icon of={X} className="size-3.5 text-faint" />
                <span className="sr-only">Remove this filter</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
