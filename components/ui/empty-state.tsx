/** What stands where a list would be: what belongs here, and how to begin. */
import type { IconNode } from "lucide";
import type { ReactNode } from "react";
import { Icon } from "./icon";

interface EmptyStateProps {
  icon: IconNode;
  title: string;
  text: ReactNode;
  /** The way to begin, if there is one. */
  action?: ReactNode;
  /** Its level: one below the heading it stands under. */
  heading?: "h2" | "h3";
}

export function EmptyState({ icon, title, text, action, heading: Heading = "h3" }: EmptyStateProps) {
  return (
    <div className="grid justify-items-center gap-1.5 rounded-lg border border-edge border-dashed px-6 py-14 text-center">
      <span className="mb-2 grid size-11 place-items-center rounded-lg border border-line bg-panel text-accent">
        <Icon of={icon} className="size-5" strokeWidth={1.75} />
      </span>
      <Heading className="font-semibold text-base">{title}</Heading>
      <p className="max-w-[44ch] text-md text-soft">{text}</p>
      {action && <div className="mt-4">{action}</div>}
    </div>
  );
}
