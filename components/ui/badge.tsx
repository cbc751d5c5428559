/** A state said in a word; the colour only helps. */
import { cva, type VariantProps } from "class-variance-authority";
import type { ReactNode } from "react";

const badgeClass = cva(
  "inline-flex items-center gap-1.5 whitespace-nowrap rounded-full px-2 py-px font-medium text-xs leading-5",
  {
    variants: {
      tone: {
        plain: "bg-sunk text-soft",
        good: "bg-good-soft text-good",
        warn: "bg-warn-soft text-warn",
        bad: "bg-bad-soft text-bad",
        accent: "bg-accent-soft text-accent-text",
      },
    },
    defaultVariants: { tone: "plain" },
  },
);

export type Tone = NonNullable<VariantProps<typeof badgeClass>["tone"]>;

export function Badge({ tone, title, children }: { tone?: Tone; title?: string; children: ReactNode }) {
  return (
    <span className={badgeClass({ tone })} title={title}>
      {children}
    </span>
  );
}
