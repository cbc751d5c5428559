"use client";
/** A link of the side bar that knows when it is the current one. */
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

export function NavLink({ href, icon, children }: { href: string; icon: ReactNode; children: ReactNode }) {
  const path = usePathname();
  const current = path === href || path.startsWith(`${href}/`);
  return (
    <Link
      href={href}
      aria-current={current ? "page" : undefined}
      className="group flex h-8 items-center gap-2.5 rounded-md px-2.5 text-md text-soft transition-colors hover:bg-sunk hover:text-ink aria-[current]:bg-press/70 aria-[current]:font-medium aria-[current]:text-ink pointer-coarse:h-11 [&_svg]:size-[17px] [&_svg]:text-faint group-aria-[current]:[&_svg]:text-accent"
    >
      {icon}
      {children}
    </Link>
  );
}
