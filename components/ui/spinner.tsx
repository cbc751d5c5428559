/** A small sign that something is under way; the words beside it say what. */

/** Decorative; give the element around it `aria-busy` or changing words. */
export function Spinner() {
  return (
    <span
      aria-hidden
      className="size-4 animate-spin rounded-full border-2 border-current border-r-transparent opacity-70"
    />
  );
}
