/** A few numbers side by side. */
import type { ReactNode } from "react";
import { Card } from "./ui/card";

export function Facts({
  facts,
}: {
  facts: readonly { title: string; value: ReactNode; note?: ReactNode }[];
}) {
  return (
    <Card className="overflow-hidden">
      <dl className="-mr-px -mb-px grid grid-cols-2 md:grid-cols-4">
        {facts.map((fact) => (
          <div key={fact.title} className="border-line border-r border-b px-4 py-3.5 sm:px-5">
            <dt className="text-faint text-sm">{fact.title}</dt>
            <dd className="font-semibold text-lg tabular-nums">{fact.value}</dd>
            {fact.note && <dd className="text-faint text-sm">{fact.note}</dd>}
          </div>
        ))}
      </dl>
    </Card>
  );
}
