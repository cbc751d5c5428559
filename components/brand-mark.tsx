/** The brand's sign: a latchkey on a tile. */
import { cn } from "./ui/cn";

const sizes = { sm: "size-7 rounded-md [&_svg]:size-4", lg: "size-14 rounded-xl [&_svg]:size-7" };

/** Decorative; the name stands beside it or in the text. */
export function BrandMark({ size = "sm" }: { size?: keyof typeof sizes }) {
  return (
    <span
      aria-hidden
      className={cn("grid shrink-0 place-items-center bg-accent text-accent-ink", sizes[size])}
    >
      <svg
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.9"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        <circle cx="8" cy="15" r="4" />
        <path d="M11 12 20 3m-4 4 3 3" />
      </svg>
    </span>
  );
}
