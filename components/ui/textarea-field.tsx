/** Several lines of text with their label. */
import type { TextareaHTMLAttributes } from "react";
import { cn } from "./cn";
import { controlClass, describes, Field, type FieldText } from "./field";

type TextareaFieldProps = FieldText & TextareaHTMLAttributes<HTMLTextAreaElement> & { id: string };

/** A `<textarea>` for what a machine reads: monospace, no spell checking, grows with its content. */
export function TextareaField({ label, hint, error, className, ...area }: TextareaFieldProps) {
  return (
    <Field id={area.id} label={label} hint={hint} error={error} className={className}>
      <textarea
        className={cn(controlClass, "field-sizing-content min-h-20 py-2 font-mono text-sm")}
        spellCheck={false}
        wrap="off"
        {...describes(area.id, { hint, error })}
        {...area}
      />
    </Field>
  );
}
