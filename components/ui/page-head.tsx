/** The head of a page: its one h1, a sentence, what can be done. */
import type { ReactNode } from "react";

interface PageHeadProps {
  title: string;
  text?: ReactNode;
  /** A picture before the title. */
  picture?: ReactNode;
  aside?: ReactNode;
}

export function PageHead({ title, text, picture, aside }: PageHeadProps) {
  return (
    <div className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="flex min-w-0 items-center gap-3.5">
        {picture}
        <div className="min-w-0">
          <h1 className="font-semibold text-2xl">{title}</h1>
          {text && <p className="max-w-[62ch] text-soft">{text}</p>}
        </div>
      </div>
      {aside}
    </div>
  );
}
