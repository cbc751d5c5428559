"use client";
/** A question in front of the page. */
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The button that opens it. */
  trigger: ReactNode;
  title: string;
  children: ReactNode;
}

/** Holds the focus, closes on Escape and on a press outside, returns the focus to its trigger. */
export function Dialog({ open, onOpenChange, trigger, title, children }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-veil" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-x-3 bottom-3 z-50 mx-auto grid max-h-[calc(100dvh-1.5rem)] max-w-[27.5rem] animate-rise gap-4 overflow-y-auto rounded-xl border border-line bg-raised p-5 shadow-lg outline-none sm:top-[16vh] sm:bottom-auto sm:p-6"
        >
          <Radix.Title className="font-semibold text-lg">{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
