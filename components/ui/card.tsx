/** A panel with a hairline, and its head. */
import type { ReactNode } from "react";
import { cn } from "./cn";

interface CardProps {
  /** `accent` for what has just happened. */
  tone?: "plain" | "accent";
  className?: string;
  children: ReactNode;
}

export function Card({ tone = "plain", className, children }: CardProps) {
  const edge = tone === "accent" ? "border-accent-line" : "border-line";
  return <div className={cn("rounded-lg border bg-panel shadow-sm", edge, className)}>{children}</div>;
}

interface CardHeadProps {
  title: string;
  /** One sentence under the title. */
  text?: ReactNode;
  /** A button or a badge on the right. */
  aside?: ReactNode;
  id?: string;
}

/** Title, one sentence, and what can be done. Place it first in a `Card`. */
export function CardHead({ title, text, aside, id }: CardHeadProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3 border-line border-b px-4 py-3.5 sm:px-5">
      <div className="min-w-0">
        <h2 id={id} className="font-semibold text-base">
          {title}
        </h2>
        {text && <p className="text-faint text-sm">{text}</p>}
      </div>
      {aside}
    </div>
  );
}

export function CardBody({ children }: { children: ReactNode }) {
  return <div className="grid grid-cols-1 gap-5 p-4 sm:p-5">{children}</div>;
}
