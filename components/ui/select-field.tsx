/** A native select with its label: works with every keyboard, screen reader and phone. */
import { ChevronsUpDown } from "lucide";
import type { SelectHTMLAttributes } from "react";
import { cn } from "./cn";
import { controlClass, describes, Field, type FieldText } from "./field";
import { Icon } from "./icon";

export interface Option {
  value: string;
  label: string;
}

type SelectFieldProps = FieldText &
  SelectHTMLAttributes<HTMLSelectElement> & { id: string; options: readonly Option[] };

/** A `<select>` over `options`. */
export function SelectField({ label, hint, error, options, className, ...select }: SelectFieldProps) {
  return (
    <Field id={select.id} label={label} hint={hint} error={error} className={className}>
      <div className="relative">
        <select
          className={cn(controlClass, "h-9 text-base appearance-none truncate pr-9 pointer-coarse:h-11")}
          {...describes(select.id, { hint, error })}
          {...select}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <Icon
          of={ChevronsUpDown}
          className="-translate-y-1/2 pointer-events-none absolute top-1/2 right-3 size-4 text-faint"
        />
      </div>
    </Field>
  );
}
