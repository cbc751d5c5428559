"use client";
/** Tabs that are links: each is a page with its own address. */
import Link from "next/link";
import { usePathname } from "next/navigation";

interface TabLinksProps {
  /** What these tabs are about, for screen readers. */
  label: string;
  tabs: readonly {
    href: string;
    label: string;
    /** Another page this tab stands for. */
    also?: string;
    /** It stands for the pages below its own as well. */
    below?: boolean;
  }[];
}

export function TabLinks({ label, tabs }: TabLinksProps) {
  const path = usePathname();
  return (
    <nav aria-label={label} className="mb-6 border-line border-b">
      <ul className="-mb-px flex gap-4 overflow-x-auto sm:gap-6">
        {tabs.map((tab) => {
          const isBelow = tab.below === true && path.startsWith(`${tab.href}/`);
          const current = path === tab.href || path === tab.also || isBelow;
          return (
            <li key={tab.href}>
              <Link
                href={tab.href}
                aria-current={current ? "page" : undefined}
                className="-outline-offset-2 block whitespace-nowrap rounded-sm border-transparent border-b-2 pt-2 pb-2.5 text-[0.8125rem] text-soft hover:text-ink aria-[current]:rounded-none aria-[current]:border-accent aria-[current]:font-medium aria-[current]:text-ink sm:text-md pointer-coarse:py-3"
              >
                {tab.label}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
