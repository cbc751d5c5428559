/** What happened to an app: its changes, and the requests that were refused. */
import { ChevronDown, type IconNode, KeyRound, Pencil, Plus, ShieldX, Undo2 } from "lucide";
import type { ActivityRow } from "@/lib/db/activity";
import { activityWords } from "./activity-words";
import { Card } from "./ui/card";
import { Icon } from "./ui/icon";
import { Moment } from "./ui/moment";

type Refused = Extract<ActivityRow, { kind: "refused" }>;
type Change = Extract<ActivityRow, { kind: "change" }>;

const changeIcons: Record<string, IconNode> = {
  "app.created": Plus,
  "credential.created": Plus,
  "secret.rotated": KeyRound,
  "secret.revoked": Undo2,
};

export function ActivityList({ rows }: { rows: readonly ActivityRow[] }) {
  return (
    <Card>
      <ul>
        {rows.map((row) => (
          <li key={row.id} className="border-line not-first:border-t">
            {row.kind === "refused" ? <RefusedRow row={row} /> : <ChangeRow row={row} />}
          </li>
        ))}
      </ul>
    </Card>
  );
}

const rowClass =
  "grid grid-cols-[1.75rem_minmax(0,1fr)] items-start sm:grid-cols-[1.75rem_minmax(0,1fr)_auto] gap-x-3 px-4 py-3.5 sm:px-5";
const iconClass = "grid size-7 place-items-center rounded-full [&_svg]:size-3.5";

function ChangeRow({ row }: { row: Change }) {
  const words = activityWords(row);
  return (
    <div className={rowClass}>
      <span className={`${iconClass} bg-sunk text-soft`}>
        <Icon of={changeIcons[row.action] ?? Pencil} />
      </span>
      <div className="min-w-0">
        <p className="text-md leading-7">{words.title}</p>
        {words.lines.map((detail) => (
          <p key={detail} className="text-faint text-sm">
            {detail}
          </p>
        ))}
      </div>
      <span className="text-faint text-sm max-sm:col-start-2 sm:leading-7">
        <Moment at={row.at} />
      </span>
    </div>
  );
}

/** Opens to what was received and why it was refused; the request id is what a client's developer can quote. */
function RefusedRow({ row }: { row: Refused }) {
  const received = Object.entries(row.received);
  return (
    <details className="group">
      <summary className={`${rowClass} list-none hover:bg-sunk/60 [&::-webkit-details-marker]:hidden`}>
        <span className={`${iconClass} bg-bad-soft text-bad`}>
          <Icon of={ShieldX} />
        </span>
        <span className="min-w-0">
          <span className="flex flex-wrap items-center gap-x-2 text-md leading-7">
            Refused <code className="font-mono text-sm">{row.error}</code>
          </span>
          <span className="block text-faint text-sm">{row.reason}</span>
        </span>
        <span className="flex items-center gap-2 text-faint text-sm max-sm:col-start-2 sm:leading-7">
          <Moment at={row.at} />
          <Icon of={ChevronDown} className="size-4 transition-transform group-open:rotate-180" />
        </span>
      </summary>
      <div className="grid gap-3 px-4 pb-4 sm:pr-5 sm:pl-[3.75rem]">
        <dl className="overflow-hidden rounded-md border border-line text-sm">
          <Pair name="Request id" value={row.id} />
          <Pair name="Endpoint" value={row.endpoint} />
          {received.map(([name, value]) => (
            <Pair key={name} name={name} value={value} />
          ))}
        </dl>
      </div>
    </details>
  );
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <div className="grid gap-x-4 border-line bg-sunk/50 px-3 py-2 not-first:border-t sm:grid-cols-[11rem_minmax(0,1fr)]">
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0 wrap-anywhere font-mono text-[0.8125rem]">{value || "(empty)"}</dd>
    </div>
  );
}
