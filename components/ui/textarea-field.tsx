/** Several lines of text with their label. */
import type { TextareaHTMLAttributes } from "react";
import { cn } from "./cn";
import { controlClass, describes, Field, type FieldText } from "./field";

type TextareaFieldProps = FieldText &
  TextareaHTMLAttributes<HTMLTextAreaElement> & {
    id: string;
    /** For sentences; without it, for what a machine reads: monospace, no spell checking. */
    prose?: boolean;
  };

/** A `<textarea>` that grows with its content. */
export function TextareaField({ label, hint, error, prose, className, ...area }: TextareaFieldProps) {
  return (
    <Field id={area.id} label={label} hint={hint} error={error} className={className}>
      <textarea
        className={cn(
          controlClass,
          "field-sizing-content min-h-20 py-2",
          prose ? "text-base" : "font-mono text-sm",
        )}
        spellCheck={prose}
        wrap={prose ? "soft" : "off"}
        {...describes(area.id, { hint, error })}
        {...area}
      />
    </Field>
  );
}
