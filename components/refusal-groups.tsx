/** Refused requests, alike by alike: each group opens to its latest. */
import { ChevronDown, ShieldX } from "lucide";
import type { RefusalGroup } from "@/lib/db/request-activity";
import { counted } from "./app-words";
import { RefusedRequestDetail } from "./refused-request";
import { Card } from "./ui/card";
import { Icon } from "./ui/icon";
import { Moment } from "./ui/moment";

export function RefusalGroups({ groups, hasMore }: { groups: readonly RefusalGroup[]; hasMore: boolean }) {
  return (
    <Card>
      <ul>
        {groups.map((group) => (
          <li key={group.key} className="border-line not-first:border-t">
            <Group group={group} />
          </li>
        ))}
      </ul>
      {hasMore && (
        <p className="border-line border-t px-4 py-3 text-faint text-sm sm:px-5">
          There are more kinds of refusals; choose an endpoint to see fewer at once.
        </p>
      )}
    </Card>
  );
}

function Group({ group }: { group: RefusalGroup }) {
  const { endpoint, error, summary, count, firstAt, lastAt, latest } = group;
  return (
    <details className="group">
      <summary className="grid cursor-pointer list-none grid-cols-[1.75rem_minmax(0,1fr)] items-start gap-x-3 px-4 py-3.5 hover:bg-sunk/60 sm:grid-cols-[1.75rem_minmax(0,1fr)_auto] sm:px-5 [&::-webkit-details-marker]:hidden">
        <span className="grid size-7 place-items-center rounded-full bg-bad-soft text-bad [&_svg]:size-3.5">
          <Icon of={ShieldX} />
        </span>
        <span className="min-w-0">
          <span className="flex flex-wrap items-center gap-x-2 text-md leading-7">
            <code className="font-mono text-sm">{error}</code>
            <span className="text-faint text-sm">{endpoint}</span>
          </span>
          <span className="wrap-anywhere block text-sm text-soft">{summary}</span>
        </span>
        <span className="flex items-center gap-2 text-faint text-sm max-sm:col-start-2 sm:leading-7">
          <span className="font-medium text-ink tabular-nums">{counted(count, "time")}</span>
          <span>
            last <Moment at={lastAt} />
          </span>
          <Icon of={ChevronDown} className="size-4 transition-transform group-open:rotate-180" />
        </span>
      </summary>
      <div className="grid gap-5 px-4 pb-5 sm:pr-5 sm:pl-[3.75rem]">
        <p className="text-faint text-sm">
          First <Moment at={firstAt} />
          {latest.length < count && ` · the latest ${latest.length} of ${count.toLocaleString("en-GB")}`}
        </p>
        {latest.map((refused) => (
          <RefusedRequestDetail key={refused.id} refused={refused} />
        ))}
      </div>
    </details>
  );
}
