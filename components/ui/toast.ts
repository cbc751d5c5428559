/** A short confirmation in the corner of the page. */

/** What `toaster.tsx` listens to; an event, so that whoever says something need not load what shows it. */
export const toastEvent = "latchkey:toast";

/** Shows `message` for a few seconds; screen readers say it. */
export function toast(message: string): void {
  window.dispatchEvent(new CustomEvent(toastEvent, { detail: message }));
}
