/** What stands where a one-time link leads once it has been used or its time is over. */
import type { ReactNode } from "react";
import { InteractionHead } from "./interaction-head";

/** @param children what to do now */
export function LinkEnded({ children }: { children: ReactNode }) {
  return (
    <>
      <InteractionHead title="This link has ended">
        It was used already, or it waited too long. Each link works once.
      </InteractionHead>
      <div className="text-center">{children}</div>
    </>
  );
}
