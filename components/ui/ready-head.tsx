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
  /** `h2` where the page has its own h1. */
  level?: "h1" | "h2";
}

export function ReadyHead({ name, href, label, level: Heading = "h1" }: ReadyHeadProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    window.scrollTo(0, 0);
    heading.current?.focus();
  }, []);
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <Heading ref={heading} tabIndex={-1} className="wrap-anywhere font-semibold text-2xl outline-none">
        {name} is ready
      </Heading>
      <Link href={href} className={buttonClass()}>
        {label}
      </Link>
    </div>
  );
}
