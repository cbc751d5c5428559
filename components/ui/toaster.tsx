"use client";
/** Where short confirmations appear. What draws them is loaded with the first one. */
import { lazy, Suspense, useEffect, useState } from "react";
import { toastEvent } from "./toast";

const ToastStage = lazy(() => import("./toast-stage"));

export function Toaster() {
  const [first, setFirst] = useState<string | null>(null);
  useEffect(() => {
    const show = (event: Event) => {
      if (event instanceof CustomEvent && typeof event.detail === "string") setFirst(event.detail);
    };
    window.addEventListener(toastEvent, show, { once: true });
    return () => window.removeEventListener(toastEvent, show);
  }, []);
  return first === null ? null : (
    <Suspense>
      <ToastStage first={first} />
    </Suspense>
  );
}
