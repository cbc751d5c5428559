/** What each switch of an app's policy says, beside what Standard says. */
import { ChevronDown } from "lucide";
import type { PolicyLine } from "@/lib/oauth/switches";
import { LegacyBadge } from "./app-badges";
import { policyGroups } from "./policy-groups";
import { Icon } from "./ui/icon";
import { Moment } from "./ui/moment";

export function PolicySummary({ lines }: { lines: readonly PolicyLine[] }) {
  return policyGroups.map(({ title, keys }) => (
    <section key={title} aria-label={title} className="not-first:border-line not-first:border-t">
      <h3 className="px-4 pt-4 pb-1 font-semibold text-faint text-sm sm:px-5">{title}</h3>
      <dl className="pb-2">
        {keys.flatMap((key) => {
          const line = lines.find((one) => one.key === key);
          return line ? [<Line key={key} line={line} />] : [];
        })}
      </dl>
    </section>
  ));
}

function Line({ line }: { line: PolicyLine }) {
  return (
    <div className="grid gap-x-6 gap-y-0.5 px-4 py-2 sm:grid-cols-[16rem_minmax(0,1fr)] sm:px-5">
      <dt className="text-md text-soft">{line.title}</dt>
      <dd className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 font-medium text-md">
          {line.value}
          {line.legacy && <LegacyBadge title={line.spec} />}
        </p>
        <Dates line={line} />
        {line.differs && (
          <details className="group text-faint text-sm">
            <summary className="inline-flex list-none items-center gap-1 rounded-sm hover:text-ink [&::-webkit-details-marker]:hidden">
              Standard: {line.standard}
              <Icon of={ChevronDown} className="size-3.5 transition-transform group-open:rotate-180" />
            </summary>
            <p className="max-w-[60ch]">{line.spec}.</p>
          </details>
        )}
      </dd>
    </div>
  );
}

function Dates({ line: { legacy, since, until } }: { line: PolicyLine }) {
  if (!until && !(legacy && since)) return null;
  return (
    <p className="text-sm text-warn">
      {legacy && since && (
        <>
          Since <Moment at={new Date(since)} style="date" />
        </>
      )}
      {legacy && since && until && " · "}
      {until && (
        <>
          {legacy && since ? "falls" : "Falls"} back to Standard on{" "}
          <Moment at={new Date(until)} style="date" />
        </>
      )}
    </p>
  );
}
