/** A page with one message: gone, expired, broken. */
import type { ReactNode } from "react";
import { BrandMark } from "./brand-mark";

interface CalmPageProps {
  title: string;
  children: ReactNode;
  /** What to do now. */
  action?: ReactNode;
}

export function CalmPage({ title, children, action }: CalmPageProps) {
  return (
    <main id="content" className="grid min-h-dvh place-items-center px-5 py-10">
      <div className="grid max-w-[26rem] justify-items-center gap-6 text-center">
        <BrandMark size="lg" />
        <div className="grid gap-2">
          <h1 className="text-balance font-semibold text-2xl">{title}</h1>
          <div className="text-pretty text-soft">{children}</div>
        </div>
        {action}
      </div>
    </main>
  );
}
