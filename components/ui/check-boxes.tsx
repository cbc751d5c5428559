/** Several of what there is to choose from: one box for each, with a sentence. */
import { FieldError, labelClass } from "./field";

export interface Choice {
  /** As it is sent, and shown in code. */
  name: string;
  title: string;
  description: string;
  checked: boolean;
}

/** Native check boxes; a row's whole face ticks it, its name is the title alone, its sentence the description. */
export function CheckBoxes({
  field,
  legend,
  choices,
  error,
}: {
  /** The name every box has in the form. */
  field: string;
  legend: string;
  choices: readonly Choice[];
  error?: string;
}) {
  return (
    <fieldset className="grid min-w-0 gap-1.5">
      <legend className={`mb-1.5 ${labelClass}`}>{legend}</legend>
      <div className="divide-y divide-line rounded-md border border-edge">
        {choices.map(({ name, title, description, checked }, index) => (
          <div
            key={name}
            className="relative flex gap-3 px-3.5 py-3 transition-colors first:rounded-t-md last:rounded-b-md hover:bg-sunk has-focus-visible:z-10 has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="checkbox"
              id={`${field}-${name}`}
              name={field}
              value={name}
              defaultChecked={checked}
              aria-describedby={`${field}-${name}-description${error ? ` ${field}-error` : ""}`}
              aria-invalid={error && index === 0 ? true : undefined}
              className="relative z-10 mt-[3px] size-4 shrink-0 accent-accent outline-none"
            />
            <div className="min-w-0">
              <label
                htmlFor={`${field}-${name}`}
                className="font-medium text-md after:absolute after:inset-0"
              >
                {title}
              </label>
              <p id={`${field}-${name}-description`} className="text-sm text-soft">
                {description} <code className="rounded-sm bg-sunk px-1 font-mono text-xs">{name}</code>
              </p>
            </div>
          </div>
        ))}
      </div>
      <FieldError id={field} error={error} />
    </fieldset>
  );
}
