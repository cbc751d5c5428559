/** A sentence that stands apart. */
import { cva, type VariantProps } from "class-variance-authority";
import { CircleAlert, Info, TriangleAlert } from "lucide";
import type { ReactNode } from "react";
import { Icon } from "./icon";

const noteClass = cva("flex gap-2.5 rounded-md border px-3.5 py-2.5 text-md [&_strong]:font-semibold", {
  variants: {
    tone: {
      plain: "border-line bg-sunk text-soft",
      warn: "border-warn-line bg-warn-soft text-warn",
      bad: "border-bad-line bg-bad-soft text-bad",
    },
  },
  defaultVariants: { tone: "plain" },
});

const icons = { plain: Info, warn: TriangleAlert, bad: CircleAlert };

interface NoteProps extends VariantProps<typeof noteClass> {
  /** `alert` for what just went wrong, `status` for what just happened. */
  role?: "alert" | "status";
  children: ReactNode;
}

export function Note({ tone, role, children }: NoteProps) {
  return (
    <div role={role} className={noteClass({ tone })}>
      <Icon of={icons[tone ?? "plain"]} className="mt-[3px] size-4 shrink-0" />
      <div className="min-w-0">{children}</div>
    </div>
  );
}
