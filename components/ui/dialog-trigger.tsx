"use client";
/** A button and the dialog it opens. The dialog's code comes when the button is about to be pressed. */
import { type ComponentProps, lazy, type ReactNode, Suspense, useEffect, useRef } from "react";
import { Button } from "./button";

const load = () => import("./dialog");
const Dialog = lazy(load);

interface DialogTriggerProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Words on the button. */
  trigger: string;
  /** Id of the text that says what the button is about, when its words alone do not. */
  describedBy?: string;
  variant?: ComponentProps<typeof Button>["variant"];
  size?: ComponentProps<typeof Button>["size"];
  title: string;
  children: ReactNode;
}

export function DialogTrigger({
  open,
  onOpenChange,
  trigger,
  describedBy,
  title,
  children,
  ...look
}: DialogTriggerProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => keepFocusInPage, []);
  return (
    <>
      <Button
        ref={button}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-describedby={describedBy}
        onPointerEnter={load}
        onFocus={load}
        onClick={() => onOpenChange(true)}
        {...look}
      >
        {trigger}
      </Button>
      {open && (
        <Suspense>
          <Dialog
            title={title}
            onClose={() => onOpenChange(false)}
            returnFocus={() => button.current?.focus()}
          >
            {children}
          </Dialog>
        </Suspense>
      )}
    </>
  );
}

/** The row with the button may go away with what the dialog did; a screen reader should not be thrown to the top. */
function keepFocusInPage() {
  if (document.activeElement === document.body) document.getElementById("content")?.focus();
}
