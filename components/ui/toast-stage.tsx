"use client";
/** Draws confirmations: the one that made it load, then every next one. */
import { useEffect, useRef } from "react";
import { Toaster as Sonner, toast } from "sonner";
import { toastEvent } from "./toast";

export default function ToastStage({ first }: { first: string }) {
  const shown = useRef(false);
  // On a phone the bottom belongs to the thumb: dialogs and their buttons are there.
  const wide = window.matchMedia("(min-width: 40rem)").matches;
  useEffect(() => {
    const show = (event: Event) => {
      if (event instanceof CustomEvent && typeof event.detail === "string") toast.success(event.detail);
    };
    window.addEventListener(toastEvent, show);
    if (!shown.current) toast.success(first);
    shown.current = true;
    return () => window.removeEventListener(toastEvent, show);
  }, [first]);
  return (
    <Sonner
      theme="system"
      position={wide ? "bottom-right" : "top-center"}
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
