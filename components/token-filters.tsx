/** Which tokens a list shows: by state as links, by app and scope as a plain GET form, so that each view has an address. */
import { Button } from "./ui/button";
import { FilterLinks } from "./ui/filter-links";
import { type Option, SelectField } from "./ui/select-field";

export type TokenShow = "active" | "expired" | "revoked";

interface TokenFiltersProps {
  /** The list's address. */
  action: string;
  states: readonly { href: string; label: string; current: boolean }[];
  chosen: { show?: string; app?: string; scope?: string };
  apps: readonly { id: string; name: string }[];
  scopes: readonly string[];
}

export function TokenFilters({ action, states, chosen, apps, scopes }: TokenFiltersProps) {
  const appOptions: Option[] = [
    { value: "", label: "All apps" },
    { value: "own", label: "Made by you" },
    ...apps.map(({ id, name }) => ({ value: id, label: name })),
  ];
  const scopeOptions = [
    { value: "", label: "All scopes" },
    ...scopes.map((name) => ({ value: name, label: name })),
  ];
  return (
    <div className="mb-4 grid gap-3 md:flex md:items-end md:justify-between">
      <FilterLinks label="Tokens by state" links={states} />
      <form action={action} className="grid grid-cols-2 items-end gap-2 sm:flex">
        {chosen.show && <input type="hidden" name="show" value={chosen.show} />}
        <SelectField
          key={chosen.app}
          id="filter-app"
          name="app"
          label="App"
          options={appOptions}
          defaultValue={chosen.app ?? ""}
          className="sm:w-40"
        />
        <SelectField
          key={chosen.scope}
          id="filter-scope"
          name="scope"
          label="Scope"
          options={scopeOptions}
          defaultValue={chosen.scope ?? ""}
          className="sm:w-32"
        />
        <Button type="submit" className="max-sm:col-span-2">
          Filter
        </Button>
      </form>
    </div>
  );
}
