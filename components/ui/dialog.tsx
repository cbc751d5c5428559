"use client";
/** A question in front of the page. Loaded when it is first needed: see `dialog-trigger.tsx`. */
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";

interface DialogProps {
  title: string;
  onClose: () => void;
  /** Gives the focus back to where it was. */
  returnFocus: () => void;
  children: ReactNode;
}

/** Open as long as it is rendered; holds the focus, closes on Escape and on a press outside. */
export default function Dialog({ title, onClose, returnFocus, children }: DialogProps) {
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-veil" />
        <Radix.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnFocus();
          }}
          className="fixed inset-x-3 bottom-3 z-50 mx-auto grid max-h-[calc(100dvh-1.5rem)] max-w-[27.5rem] animate-rise grid-cols-1 gap-4 overflow-y-auto rounded-xl border border-line bg-raised p-5 shadow-lg outline-none sm:top-[16vh] sm:bottom-auto sm:p-6"
        >
          <Radix.Title className="font-semibold text-lg">{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
