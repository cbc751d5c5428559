/** One check box with its label and its hint. */
import type { ReactNode } from "react";

interface CheckFieldProps {
  id: string;
  name: string;
  label: string;
  hint: ReactNode;
}

export function CheckField({ id, name, label, hint }: CheckFieldProps) {
  return (
    <div className="flex items-start gap-2.5">
      <input
        type="checkbox"
        id={id}
        name={name}
        aria-describedby={`${id}-hint`}
        className="mt-1 size-4 shrink-0 accent-accent"
      />
      <div className="grid gap-0.5">
        <label htmlFor={id} className="font-medium text-md">
          {label}
        </label>
        <p id={`${id}-hint`} className="text-faint text-sm">
          {hint}
        </p>
      </div>
    </div>
  );
}
