/** A form field: its label, its hint, its error, tied to the control by id. */
import { CircleAlert } from "lucide";
import type { ReactNode } from "react";
import { cn } from "./cn";
import { Icon } from "./icon";

export interface FieldText {
  label: string;
  /** One sentence on what belongs here. */
  hint?: ReactNode;
  /** What is wrong, in words that say how to put it right. */
  error?: string;
}

/** The look shared by text inputs, text areas and selects. 16 px on phones, or iOS zooms into the field. */
export const controlClass =
  "block w-full min-w-0 rounded-md border border-control bg-panel px-3 text-ink placeholder:text-faint " +
  "transition-colors hover:border-faint focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 " +
  "aria-invalid:border-danger aria-invalid:focus-visible:outline-danger disabled:opacity-60 max-sm:text-[1rem]";

/** The ARIA attributes that tie a control with this id to its hint and error. */
export function describes(id: string, { hint, error }: Pick<FieldText, "hint" | "error">) {
  const ids = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return { "aria-describedby": ids || undefined, "aria-invalid": error ? true : undefined };
}

/** The label's look, for `<label>` and `<legend>`. */
export const labelClass = "font-medium text-ink text-md";

interface FieldProps extends FieldText {
  id: string;
  optional?: boolean;
  className?: string;
  children: ReactNode;
}

/** Wraps a control whose `id` is given. */
export function Field({ id, label, hint, error, optional, className, children }: FieldProps) {
  return (
    <div className={cn("grid gap-1.5", className)}>
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor={id} className={labelClass}>
          {label}
        </label>
        {optional && <span className="text-faint text-sm">Optional</span>}
      </div>
      {children}
      <FieldError id={id} error={error} />
      {hint && (
        <p id={`${id}-hint`} className="text-faint text-sm">
          {hint}
        </p>
      )}
    </div>
  );
}

/** The error under a control; nothing when there is none. */
export function FieldError({ id, error }: { id: string; error?: string }) {
  if (!error) return null;
  return (
    <p id={`${id}-error`} className="flex items-start gap-1.5 font-medium text-bad text-sm">
      <Icon of={CircleAlert} className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0">{error}</span>
    </p>
  );
}
