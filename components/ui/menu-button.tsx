"use client";
/** A button that opens a small menu of links, by the keys of the WAI-ARIA menu button pattern. */
import Link from "next/link";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Button } from "./button";

interface MenuButtonProps {
  /** The button's name; its content is a picture. */
  label: string;
  icon: ReactNode;
  items: readonly { href: string; label: string; description?: string }[];
}

/** The right half of a split button. Arrows, Home, End and Escape work; Tab and a press elsewhere close it. */
export function MenuButton({ label, icon, items }: MenuButtonProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState<"first" | "last" | null>(null);

  useEffect(() => {
    if (!open) return;
    entries(box.current)
      .at(open === "first" ? 0 : -1)
      ?.focus();
    const closeOutside = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(null);
    };
    document.addEventListener("pointerdown", closeOutside);
    return () => document.removeEventListener("pointerdown", closeOutside);
  }, [open]);

  function close() {
    setOpen(null);
    button.current?.focus();
  }

  function openByArrow(event: KeyboardEvent) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    setOpen(event.key === "ArrowDown" ? "first" : "last");
  }

  function move(event: KeyboardEvent) {
    const all = entries(box.current);
    const at = all.findIndex((entry) => entry.matches(":focus"));
    const targets: Record<string, number> = {
      ArrowDown: (at + 1) % all.length,
      ArrowUp: at - 1,
      Home: 0,
      End: -1,
    };
    const target = targets[event.key];
    if (event.key === "Tab") return setOpen(null);
    if (target === undefined && event.key !== "Escape" && event.key !== " ") return;
    event.preventDefault();
    if (event.key === "Escape") return close();
    // A link knows Enter by itself; a menu item knows the space bar, too.
    if (target === undefined) return all[at]?.click();
    all.at(target)?.focus();
  }

  return (
    <div ref={box} className="relative">
      <Button
        ref={button}
        variant="primary"
        size="icon"
        shape="joinedRight"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open !== null}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(open ? null : "first")}
        onKeyDown={openByArrow}
      >
        {icon}
      </Button>
      {open && (
        <div
          id={id}
          role="menu"
          aria-label={label}
          onKeyDown={move}
          className="absolute top-full right-0 z-20 mt-1.5 w-72 max-w-[calc(100vw-2rem)] animate-rise rounded-lg border border-line bg-raised p-1 shadow-lg"
        >
          {items.map((item, index) => (
            <Link
              key={item.href}
              href={item.href}
              role="menuitem"
              tabIndex={-1}
              aria-labelledby={`${id}-${index}`}
              aria-describedby={item.description ? `${id}-${index}-more` : undefined}
              className="block rounded-md px-3 py-2 outline-none hover:bg-sunk focus:bg-sunk focus-visible:outline-2 focus-visible:outline-accent focus-visible:-outline-offset-2"
            >
              <span id={`${id}-${index}`} className="block font-medium text-md">
                {item.label}
              </span>
              {item.description && (
                <span id={`${id}-${index}-more`} className="block text-faint text-sm">
                  {item.description}
                </span>
              )}
            </Link>
          ))}
        </div>
      )}
    </div>
  );
}

function entries(box: HTMLElement | null): HTMLElement[] {
  return [...(box?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
}
