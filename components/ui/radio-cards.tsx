/** A choice between a few things that each need a sentence. */
import type { ReactNode } from "react";
import { cn } from "./cn";
import { FieldError, labelClass } from "./field";

interface RadioCard {
  value: string;
  label: string;
  description: ReactNode;
}

interface RadioCardsProps {
  id: string;
  name: string;
  legend: string;
  cards: readonly RadioCard[];
  defaultValue: string;
  error?: string;
}

/** Native radio buttons; a card's whole face picks it, its name is the label alone, its sentence the description. */
export function RadioCards({ id, name, legend, cards, defaultValue, error }: RadioCardsProps) {
  return (
    <div role="radiogroup" aria-labelledby={`${id}-legend`} className="grid gap-1.5">
      <span id={`${id}-legend`} className={labelClass}>
        {legend}
      </span>
      <div className={cn("grid gap-2.5", cards.length === 3 ? "sm:grid-cols-3" : "sm:grid-cols-2")}>
        {cards.map((card) => {
          const radio = `${id}-${card.value}`;
          return (
            <div
              key={card.value}
              className="relative flex gap-3 rounded-md border border-edge bg-panel p-3.5 transition-colors hover:border-faint has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2"
            >
              <input
                type="radio"
                id={radio}
                name={name}
                value={card.value}
                defaultChecked={card.value === defaultValue}
                aria-describedby={`${radio}-description`}
                className="relative z-10 mt-0.5 size-4 shrink-0 appearance-none rounded-full border border-control bg-panel outline-none checked:border-[5px] checked:border-accent"
              />
              <div className="grid min-w-0 content-start gap-0.5">
                <label htmlFor={radio} className="font-medium text-md after:absolute after:inset-0">
                  {card.label}
                </label>
                <span id={`${radio}-description`} className="text-sm text-soft">
                  {card.description}
                </span>
              </div>
            </div>
          );
        })}
      </div>
      <FieldError id={id} error={error} />
    </div>
  );
}
