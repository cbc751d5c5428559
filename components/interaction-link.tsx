/**
 * A link between the quiet pages. Not Next's: a page keeps the Content-Security-Policy it was loaded with, and each of
 * these has its own.
 */
import type { ReactNode } from "react";

export function InteractionLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} className="rounded-sm font-medium text-accent-text text-md hover:underline">
      {children}
    </a>
  );
}
