/** The end of a dialog: leave it, or do it. */
import type { ReactNode } from "react";
import { Button } from "./button";

/** @param children the button that does it */
export function DialogFoot({ onCancel, children }: { onCancel: () => void; children: ReactNode }) {
  return (
    <div className="grid grid-cols-2 gap-2.5 sm:flex sm:justify-end">
      <Button onClick={onCancel}>Cancel</Button>
      {children}
    </div>
  );
}
