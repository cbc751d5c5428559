/** Links that show one part of a list each. */
import Link from "next/link";

interface FilterLinksProps {
  /** What is filtered, for screen readers. */
  label: string;
  links: readonly {
    href: string;
    label: string /** How many there are. */;
    count?: number;
    current: boolean;
  }[];
}

export function FilterLinks({ label, links }: FilterLinksProps) {
  return (
    <nav aria-label={label}>
      <ul className="flex w-fit gap-0.5 rounded-md border border-line bg-sunk p-0.5">
        {links.map((link) => (
          <li key={link.href}>
            <Link
              href={link.href}
              aria-current={link.current ? "page" : undefined}
              className="flex h-8 items-center gap-1.5 rounded-[5px] px-3 text-md text-soft hover:text-ink aria-[current]:bg-panel aria-[current]:font-medium aria-[current]:text-ink aria-[current]:shadow-sm pointer-coarse:h-11"
            >
              {link.label}
              {link.count ? <span className="text-faint text-xs tabular-nums">{link.count}</span> : null}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
