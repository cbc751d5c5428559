/** What a token or an app may do: one box for each scope there is to choose from. */
import { FieldError, labelClass } from "./ui/field";

export interface ScopeChoice {
  name: string;
  title: string;
  description: string;
  checked: boolean;
}

/** Native check boxes; a row's whole face ticks it, its name is the title alone, its sentence the description. */
export function ScopeBoxes({
  legend = "What it may do",
  choices,
  error,
}: {
  legend?: string;
  choices: readonly ScopeChoice[];
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
              id={`scope-${name}`}
              name="scope"
              value={name}
              defaultChecked={checked}
              aria-describedby={`scope-${name}-description${error ? " scope-error" : ""}`}
              aria-invalid={error && index === 0 ? true : undefined}
              className="relative z-10 mt-[3px] size-4 shrink-0 accent-accent outline-none"
            />
            <div className="min-w-0">
              <label htmlFor={`scope-${name}`} className="font-medium text-md after:absolute after:inset-0">
                {title}
              </label>
              <p id={`scope-${name}-description`} className="text-sm text-soft">
                {description} <code className="rounded-sm bg-sunk px-1 font-mono text-xs">{name}</code>
              </p>
            </div>
          </div>
        ))}
      </div>
      <FieldError id="scope" error={error} />
    </fieldset>
  );
}
