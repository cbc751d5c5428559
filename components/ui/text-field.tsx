/** One line of text with its label. */
import type { InputHTMLAttributes } from "react";
import { cn } from "./cn";
import { controlClass, describes, Field, type FieldText } from "./field";

type TextFieldProps = FieldText & InputHTMLAttributes<HTMLInputElement> & { id: string; optional?: boolean };

/** An `<input>`; everything an input takes, plus label, hint and error. */
export function TextField({ label, hint, error, optional, className, ...input }: TextFieldProps) {
  return (
    <Field id={input.id} label={label} hint={hint} error={error} optional={optional} className={className}>
      <input
        className={cn(controlClass, "h-9 text-base pointer-coarse:h-11")}
        {...describes(input.id, { hint, error })}
        {...input}
      />
    </Field>
  );
}
