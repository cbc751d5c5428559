/** The question a person answers with Allow or Deny: a plain form that works without JavaScript. */
import { ArrowRight } from "lucide";
import { brand, scopes as catalogue } from "@/latchkey.config";
import type { ConsentView } from "@/lib/server/consent-view";
import { VerifiedBadge } from "./app-badges";
import { logoSrc } from "./app-words";
import { BrandMark } from "./brand-mark";
import { ScopeList } from "./scope-list";
import { Button } from "./ui/button";
import { Card } from "./ui/card";
import { Icon } from "./ui/icon";
import { Logo } from "./ui/logo";
import { Note } from "./ui/note";
import { SelectField } from "./ui/select-field";

export function ConsentForm({ view }: { view: ConsentView }) {
  const { app, companies } = view;
  return (
    <Card className="overflow-hidden">
      <form method="post" action="/consent/decide">
        <input type="hidden" name="request" value={view.requestId} />
        <input type="hidden" name="snapshot" value={view.snapshot} />
        <div className="px-5 pt-7 pb-5 text-center sm:px-7">
          <div className="mb-5 flex items-center justify-center gap-3.5">
            <Logo name={app.name} src={logoSrc(app.logoId)} size="xl" />
            <Icon of={ArrowRight} className="size-5 text-faint" />
            <BrandMark size="lg" />
          </div>
          <h1 className="text-balance font-semibold text-xl">
            {app.name} wants to use your {brand.name} account
          </h1>
          {app.isVerified && (
            <p className="mt-2">
              <VerifiedBadge>{`Verified by ${brand.name}`}</VerifiedBadge>
            </p>
          )}
          <p className="mt-1.5 text-md text-soft">
            Made by {app.ownerName} · sends you back to{" "}
            <strong className="wrap-anywhere font-semibold text-ink">{view.redirectHost}</strong>
          </p>
        </div>
        <CompanyChoice companies={companies} selected={view.selectedCompanyId} />
        <div className="border-line border-t px-5 py-1 sm:px-7">
          <h2 className="sr-only">What {app.name} could do</h2>
          <LeftOut view={view} />
          <ScopeList scopes={view.scopes} cannot={cannot(view)} />
        </div>
        <div className="grid grid-cols-2 gap-2.5 border-line border-t px-5 py-4 sm:px-7 sm:py-5">
          <Button type="submit" name="decision" value="deny" size="lg">
            Deny
          </Button>
          <Button type="submit" name="decision" value="allow" size="lg" variant="primary">
            Allow
          </Button>
        </div>
      </form>
    </Card>
  );
}

interface CompanyChoiceProps {
  companies: ConsentView["companies"];
  selected: string | null;
}

/** A picker where there is something to pick; one company is named; who has none acts for themselves. */
function CompanyChoice({ companies, selected }: CompanyChoiceProps) {
  const [only, ...others] = companies;
  if (!only) return null;
  return (
    <div className="px-5 pb-5 sm:px-7">
      {others.length > 0 ? (
        <SelectField
          id="company"
          name="company"
          label="Company"
          hint="Only this company's data can be reached."
          defaultValue={selected ?? only.id}
          options={companies.map(({ id, name }) => ({ value: id, label: name }))}
        />
      ) : (
        <>
          <input type="hidden" name="company" value={only.id} />
          <p className="rounded-md bg-sunk px-3.5 py-2.5 text-center text-md text-soft">
            For your company <strong className="font-semibold text-ink">{only.name}</strong>
          </p>
        </>
      )}
    </div>
  );
}

/** Said where the person looks for what the app gets, since it asked for more than that. */
function LeftOut({ view: { leftOut } }: { view: ConsentView }) {
  if (leftOut.length === 0) return null;
  const titles = leftOut.map(({ title }) => title).join(", ");
  return (
    <div className="py-3">
      <Note>
        Not yours to give: <strong>{titles}</strong>, so the app does not get it.
      </Note>
    </div>
  );
}

/**
 * What was not asked for, from the same catalogue as what was. A person reads here only about what an app could have
 * had: what everybody can give, and the rest of an API that is asked for. What is left out is said elsewhere.
 */
function cannot({ scopes, leftOut }: ConsentView): string[] {
  const named = new Set([...scopes, ...leftOut].map(({ name }) => name));
  const entries = Object.entries(catalogue);
  const asked = new Set(scopes.map(({ name }) => entries.find(([key]) => key === name)?.[1].api));
  const rest = entries.filter(
    ([name, { api, holders }]) => !named.has(name) && (holders === "everyone" || asked.has(api)),
  );
  return [
    ...rest.map(([, { title }]) => `Cannot ${title.charAt(0).toLowerCase()}${title.slice(1)}`),
    "Cannot see your password or your personal tokens",
  ];
}
