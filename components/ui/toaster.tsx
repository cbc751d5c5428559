"use client";
/** Where short confirmations appear. */
import { Toaster as Sonner } from "sonner";

export function Toaster() {
  return (
    <Sonner
      theme="system"
      position="bottom-right"
      toastOptions={{
        style: {
          background: "var(--color-raised)",
          border: "1px solid var(--color-line)",
          color: "var(--color-ink)",
          borderRadius: "10px",
          fontFamily: "var(--font-sans)",
          fontSize: "14px",
        },
      }}
    />
  );
}
