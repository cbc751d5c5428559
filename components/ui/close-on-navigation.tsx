"use client";
/** Closes the `<details>` it stands in when another page is shown. */
import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";

export function CloseOnNavigation() {
  const path = usePathname();
  const place = useRef<HTMLSpanElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new path is what closes it.
  useEffect(() => place.current?.closest("details")?.removeAttribute("open"), [path]);
  return <span ref={place} hidden />;
}
