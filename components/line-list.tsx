/** A short list in a card: a name, a word about it, something on the right. */
import type { ReactNode } from "react";

export interface Line {
  key: string;
  title: ReactNode;
  text?: ReactNode;
  aside?: ReactNode;
}

/** @param none said where the list would be */
export function LineList({ lines, none }: { lines: readonly Line[]; none: string }) {
  if (lines.length === 0) return <p className="px-4 py-5 text-md text-soft sm:px-5">{none}</p>;
  return (
    <ul>
      {lines.map(({ key, title, text, aside }) => (
        <li
          key={key}
          className="flex items-center justify-between gap-3 border-line px-4 py-3 not-first:border-t sm:px-5"
        >
          <div className="min-w-0">
            <p className="wrap-anywhere font-medium text-md">{title}</p>
            {text && <p className="wrap-anywhere text-faint text-sm">{text}</p>}
          </div>
          {aside}
        </li>
      ))}
    </ul>
  );
}

export const lineLink = "rounded-sm underline-offset-4 hover:underline";
