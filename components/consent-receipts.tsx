/** What stood on the screen when an app was allowed, word for word. Opens without JavaScript. */
import { ChevronDown } from "lucide";
import type { ReactNode } from "react";
import type { ReceiptRow } from "@/lib/db/receipts";
import { ScopeList } from "./scope-list";
import { Icon } from "./ui/icon";
import { exactTime } from "./ui/time-in-words";

/** The receipts of one approval, newest first; an approval that was widened has several. */
export function ConsentReceipts({ receipts }: { receipts: readonly ReceiptRow[] }) {
  const [newest] = receipts;
  if (!newest) return null;
  const earlier = newest.of - receipts.length;
  return (
    <details className="group sm:col-span-2">
      <summary className="-ml-1 inline-flex list-none items-center gap-1 rounded-sm px-1 font-medium text-sm text-soft hover:text-ink [&::-webkit-details-marker]:hidden pointer-coarse:py-2">
        What you allowed
        <Icon of={ChevronDown} className="size-4 transition-transform group-open:rotate-180" />
      </summary>
      <ol className="mt-2.5 grid gap-3">
        {receipts.map((receipt) => (
          <li key={receipt.at.toISOString()}>
            <Receipt receipt={receipt} />
          </li>
        ))}
      </ol>
      {earlier > 0 && (
        <p className="mt-2.5 text-faint text-sm">You allowed it {earlier} more times before that.</p>
      )}
    </details>
  );
}

function Receipt({ receipt: { at, shown } }: { receipt: ReceiptRow }) {
  return (
    <div className="rounded-md border border-line bg-sunk/50 px-3.5">
      <dl className="grid gap-x-4 gap-y-1.5 border-line border-b py-3 text-sm sm:grid-cols-[8.5rem_minmax(0,1fr)]">
        <Pair name="Allowed">{exactTime(at)}</Pair>
        <Pair name="App">
          {shown.app}, made by {shown.owner}
        </Pair>
        <Pair name="Company">{shown.company ?? "None"}</Pair>
        <Pair name="Sent you back to">{shown.redirectHost}</Pair>
      </dl>
      <ScopeList scopes={shown.scopes} />
    </div>
  );
}

function Pair({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-faint max-sm:not-first:mt-1">{name}</dt>
      <dd className="min-w-0 wrap-anywhere max-sm:-mt-1">{children}</dd>
    </>
  );
}
