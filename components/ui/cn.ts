/** Joins class names; of two that set the same thing, the later one wins. */
import { type CxOptions, cx } from "class-variance-authority";
import { twMerge } from "tailwind-merge";

/** Class names as one string: falsy ones dropped, conflicting Tailwind classes decided by the last. */
export function cn(...names: CxOptions): string {
  return twMerge(cx(...names));
}
