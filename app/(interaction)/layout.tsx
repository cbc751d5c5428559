/** The quiet frame of sign-in and consent: one thing in the middle. */
import type { ReactNode } from "react";

export default function InteractionLayout({ children }: { children: ReactNode }) {
  return (
    <main id="content" className="grid min-h-dvh place-items-center px-4 py-8">
      <div className="w-full max-w-[27.5rem]">{children}</div>
    </main>
  );
}
