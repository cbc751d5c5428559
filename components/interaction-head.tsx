/** The head of a quiet page: the brand, what this is, and one sentence. */
import type { ReactNode } from "react";
import { BrandMark } from "./brand-mark";

export function InteractionHead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="mb-6 grid justify-items-center gap-4 text-center">
      <BrandMark size="lg" />
      <div>
        <h1 className="text-balance font-semibold text-2xl">{title}</h1>
        {children && <p className="mt-0.5 text-pretty text-soft">{children}</p>}
      </div>
    </div>
  );
}
