/** The shape of a list before it is there. */
import { Card } from "./card";

/** `label` is read aloud while the bars are only seen. */
export function SkeletonList({ rows = 4, label = "Loading" }: { rows?: number; label?: string }) {
  return (
    <Card>
      <p role="status" className="sr-only">
        {label}
      </p>
      {Array.from({ length: rows }, (_, row) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike and never move.
          key={row}
          className="flex animate-pulse items-center gap-4 border-line px-4 py-4 not-first-of-type:border-t sm:px-5"
        >
          <span className="size-9 rounded-md bg-press" />
          <span className="grid flex-1 gap-2">
            <span className="h-3 w-2/5 rounded-full bg-press" />
            <span className="h-2.5 w-3/5 rounded-full bg-sunk" />
          </span>
        </div>
      ))}
    </Card>
  );
}
