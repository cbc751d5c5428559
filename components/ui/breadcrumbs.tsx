/** The way back up. */
import { ChevronRight } from "lucide";
import Link from "next/link";
import { Icon } from "./icon";

interface BreadcrumbsProps {
  /** From the top down, without the page itself. */
  trail: readonly { href: string; label: string }[];
  /** The page itself. */
  here: string;
}

export function Breadcrumbs({ trail, here }: BreadcrumbsProps) {
  return (
    <nav aria-label="Breadcrumb" className="mb-3">
      <ol className="flex flex-wrap items-center gap-1 text-sm">
        {trail.map((step) => (
          <li key={step.href} className="flex items-center gap-1">
            <Link href={step.href} className="text-soft hover:text-ink hover:underline">
              {step.label}
            </Link>
            <Icon of={ChevronRight} className="size-3.5 text-faint" />
          </li>
        ))}
        <li aria-current="page" className="min-w-0 truncate text-faint">
          {here}
        </li>
      </ol>
    </nav>
  );
}
