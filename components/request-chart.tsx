/** Requests by hour as bars, drawn on the server: refused ones stand on top. A table says the same in numbers. */
import type { HourCount } from "@/lib/db/request-activity";
import { counted } from "./app-words";
import { dateInWords } from "./ui/time-in-words";

const BAR = 4;
const HEIGHT = 96;

export function RequestChart({ hours }: { hours: readonly HourCount[] }) {
  const now = new Date();
  const most = Math.max(1, ...hours.map(({ ok, refused }) => ok + refused));
  const total = hours.reduce((sum, { ok, refused }) => sum + ok + refused, 0);
  const bars = hours.flatMap((hour, index) => (hour.ok + hour.refused > 0 ? [{ ...hour, index }] : []));
  const [first] = hours;
  return (
    <figure className="grid gap-1.5">
      <svg
        viewBox={`0 0 ${hours.length * BAR} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${counted(total, "request")} of the last 7 days by hour, at most ${most.toLocaleString("en-GB")} in one`}
        className="h-24 w-full border-line border-b"
      >
        {bars.map(({ hour, ok, refused, index }) => {
          const refusedHeight = scaled(refused, most);
          const okHeight = scaled(ok, most);
          return (
            <g key={hour.getTime()}>
              <title>{`${moment(hour)}: ${ok} succeeded, ${refused} refused`}</title>
              <rect
                x={index * BAR}
                y={HEIGHT - okHeight}
                width={BAR - 1}
                height={okHeight}
                className="fill-accent"
              />
              <rect
                x={index * BAR}
                y={HEIGHT - okHeight - refusedHeight}
                width={BAR - 1}
                height={refusedHeight}
                className="fill-bad"
              />
            </g>
          );
        })}
      </svg>
      <figcaption className="flex flex-wrap justify-between gap-x-4 text-faint text-xs">
        <span>{first && dateInWords(first.hour, now)}</span>
        <span className="flex gap-3">
          <Key className="bg-accent" label="Succeeded" />
          <Key className="bg-bad" label="Refused" />
        </span>
        <span>Now (UTC)</span>
      </figcaption>
    </figure>
  );
}

/** What there is, is seen: one among thousands still has a height. */
function scaled(count: number, most: number): number {
  return count === 0
    ? 0
    : Math.max(2, Math.round(((count / most) * (HEIGHT - 4) + Number.EPSILON) * 10) / 10);
}

function Key({ className, label }: { className: string; label: string }) {
  return (
    <span className="flex items-center gap-1.5">
      <span aria-hidden="true" className={`size-2 rounded-[2px] ${className}`} />
      {label}
    </span>
  );
}

/** "2026-03-01 14:00", the beginning of the hour in UTC. */
function moment(hour: Date): string {
  return `${hour.toISOString().slice(0, 10)} ${hour.toISOString().slice(11, 16)}`;
}

/** The hours that had requests, newest first. */
export function RequestTable({ hours }: { hours: readonly HourCount[] }) {
  const busy = hours.filter(({ ok, refused }) => ok + refused > 0).toReversed();
  return (
    <details className="text-sm">
      <summary className="w-fit cursor-pointer text-soft hover:text-ink">Show as a table</summary>
      <div className="mt-2 overflow-hidden rounded-md border border-line">
        <table className="w-full text-left tabular-nums">
          <thead className="text-faint">
            <tr>
              <th scope="col" className="px-3 py-2 font-medium">
                Hour (UTC)
              </th>
              <th scope="col" className="px-3 py-2 text-right font-medium">
                Succeeded
              </th>
              <th scope="col" className="px-3 py-2 text-right font-medium">
                Refused
              </th>
            </tr>
          </thead>
          <tbody>
            {busy.map(({ hour, ok, refused }) => (
              <tr key={hour.getTime()} className="border-line border-t">
                <th scope="row" className="px-3 py-1.5 font-normal">
                  {moment(hour)}
                </th>
                <td className="px-3 py-1.5 text-right">{ok.toLocaleString("en-GB")}</td>
                <td className="px-3 py-1.5 text-right">{refused.toLocaleString("en-GB")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
