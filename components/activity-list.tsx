/** What was changed of an app, newest first. */
import { type IconNode, KeyRound, Pencil, Plus, TimerOff, Undo2 } from "lucide";
import type { ChangeRow } from "@/lib/db/activity";
import { activityWords } from "./activity-words";
import { Card } from "./ui/card";
import { Icon } from "./ui/icon";
import { Moment } from "./ui/moment";

const changeIcons: Record<string, IconNode> = {
  "app.created": Plus,
  "credential.created": Plus,
  "secret.rotated": KeyRound,
  "secret.revoked": Undo2,
  "secret.retired": TimerOff,
};

export function ActivityList({ rows }: { rows: readonly ChangeRow[] }) {
  return (
    <Card>
      <ul>
        {rows.map((row) => (
          <li key={row.id} className="border-line not-first:border-t">
            <Change row={row} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Change({ row }: { row: ChangeRow }) {
  const words = activityWords(row);
  return (
    <div className="grid grid-cols-[1.75rem_minmax(0,1fr)] items-start gap-x-3 px-4 py-3.5 sm:grid-cols-[1.75rem_minmax(0,1fr)_auto] sm:px-5">
      <span className="grid size-7 place-items-center rounded-full bg-sunk text-soft [&_svg]:size-3.5">
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
