/** What an endpoint is told: one box for each event there is. */
import { FieldError, labelClass } from "./ui/field";
import type { EventChoice } from "./webhook-words";

/** Native check boxes; a row's whole face ticks it, its name is the title alone, its sentence the description. */
export function EventBoxes({ choices, error }: { choices: readonly EventChoice[]; error?: string }) {
  return (
    <fieldset className="grid min-w-0 gap-1.5">
      <legend className={`mb-1.5 ${labelClass}`}>Events</legend>
      <div className="divide-y divide-line rounded-md border border-edge">
        {choices.map(({ name, title, description, checked }, index) => (
          <div
            key={name}
            className="relative flex gap-3 px-3.5 py-3 transition-colors first:rounded-t-md last:rounded-b-md hover:bg-sunk has-focus-visible:z-10 has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="checkbox"
              id={`event-${name}`}
              name="event"
              value={name}
              defaultChecked={checked}
              aria-describedby={`event-${name}-description${error ? " event-error" : ""}`}
              aria-invalid={error && index === 0 ? true : undefined}
              className="relative z-10 mt-[3px] size-4 shrink-0 accent-accent outline-none"
            />
            <div className="min-w-0">
              <label htmlFor={`event-${name}`} className="font-medium text-md after:absolute after:inset-0">
                {title}
              </label>
              <p id={`event-${name}-description`} className="text-sm text-soft">
                {description} <code className="rounded-sm bg-sunk px-1 font-mono text-xs">{name}</code>
              </p>
            </div>
          </div>
        ))}
      </div>
      <FieldError id="event" error={error} />
    </fieldset>
  );
}
