/** Links to the next part of a list, and back to its start. */
import { ArrowLeft, ArrowRight } from "lucide";
import Link from "next/link";
import { buttonClass } from "./button";
import { Icon } from "./icon";

interface PaginationProps {
  /** Address of the list's start, when this is not it. */
  start: string | null;
  /** Address of the next part, when there is one. */
  next: string | null;
}

export function Pagination({ start, next }: PaginationProps) {
  if (!start && !next) return null;
  return (
    <nav aria-label="Pages" className="mt-4 flex justify-between gap-3">
      {start ? (
        <Link href={start} className={buttonClass()}>
          <Icon of={ArrowLeft} /> First page
        </Link>
      ) : (
        <span />
      )}
      {next && (
        <Link href={next} rel="next" className={buttonClass()}>
          Next <Icon of={ArrowRight} />
        </Link>
      )}
    </nav>
  );
}
