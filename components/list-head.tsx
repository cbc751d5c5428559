/** The head of a list: its name, a sentence, what can be done with it. */
import type { ReactNode } from "react";

interface ListHeadProps {
  /** For the `aria-labelledby` of the section. */
  id: string;
  title: string;
  text: string;
  aside?: ReactNode;
}

export function ListHead({ id, title, text, aside }: ListHeadProps) {
  return (
    <div className="mb-4 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h2 id={id} className="font-semibold text-lg">
          {title}
        </h2>
        <p className="max-w-[72ch] text-md text-soft">{text}</p>
      </div>
      {aside}
    </div>
  );
}
