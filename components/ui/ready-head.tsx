"use client";
/** The head of a page that says something was just made: at its top, with the focus on it. */
import Link from "next/link";
import { useEffect, useRef } from "react";
import { buttonClass } from "./button";

interface ReadyHeadProps {
  /** What was made. */
  name: string;
  /** Where to go on. */
  href: string;
  label: string;
}

export function ReadyHead({ name, href, label }: ReadyHeadProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    window.scrollTo(0, 0);
    heading.current?.focus();
  }, []);
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <h1 ref={heading} tabIndex={-1} className="wrap-anywhere font-semibold text-2xl outline-none">
        {name} is ready
      </h1>
      <Link href={href} className={buttonClass()}>
        {label}
      </Link>
    </div>
  );
}
