/** What each switch of an app's policy says, beside what Standard says. */
import type { PolicyLine } from "@/lib/oauth/policy";
import { LegacyBadge } from "./app-badges";

export function PolicySummary({ lines }: { lines: readonly PolicyLine[] }) {
  return (
    <dl>
      {lines.map((line) => (
        <div
          key={line.key}
          className="grid gap-x-6 gap-y-0.5 border-line px-4 py-3 not-first:border-t sm:grid-cols-[14rem_minmax(0,1fr)] sm:px-5"
        >
          <dt className="text-md text-soft">{line.title}</dt>
          <dd className="min-w-0">
            <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 font-medium text-md">
              {line.value}
              {line.legacy && <LegacyBadge />}
            </p>
            {line.value !== line.standard && <p className="text-faint text-sm">Standard: {line.standard}</p>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
