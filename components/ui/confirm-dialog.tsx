"use client";
/** A dangerous thing behind a question: a quiet button, then a dialog that says what will stop working. */
import { useRouter } from "next/navigation";
import { type ReactNode, useActionState, useState } from "react";
import { toast } from "sonner";
import { type ActionState, errorOf, type FormAction } from "./action-state";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Note } from "./note";
import { SubmitButton } from "./submit-button";

interface ConfirmDialogProps {
  /** Words on the button that opens the dialog. */
  trigger: string;
  /** Id of the text that says what the trigger is about, when its words alone do not. */
  triggerDescribedBy?: string;
  title: string;
  /** Words on the button that does it. */
  confirm: string;
  action: FormAction;
  /** Sent along with the form. */
  fields: Record<string, string>;
  /** Said in a toast when done. */
  done: string;
  /** Where to go when done, if this page is then gone. */
  then?: string;
  /** False while something is still to be typed. */
  ready?: boolean;
  children: ReactNode;
}

export function ConfirmDialog({
  trigger,
  triggerDescribedBy,
  title,
  confirm,
  children,
  ...rest
}: ConfirmDialogProps) {
  const { action, fields, done, then, ready = true } = rest;
  const [open, setOpen] = useState(false);
  const router = useRouter();
  const [state, submit] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await action(before, form);
    if (!after?.ok) return after;
    setOpen(false);
    toast.success(done);
    if (then) router.push(then);
    else setTimeout(focusContentIfLost, 150);
    return after;
  }, null);
  const error = errorOf(state, "form");
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title={title}
      trigger={
        <Button variant="warning" size="sm" aria-describedby={triggerDescribedBy}>
          {trigger}
        </Button>
      }
    >
      <form action={submit} className="grid gap-5">
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <div className="grid gap-3 text-md text-soft [&_strong]:font-medium [&_strong]:text-ink">
          {children}
        </div>
        {error && (
          <Note tone="bad" role="alert">
            {error}
          </Note>
        )}
        <div className="grid grid-cols-2 gap-2.5 sm:flex sm:justify-end">
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <SubmitButton variant="danger" disabled={!ready}>
            {confirm}
          </SubmitButton>
        </div>
      </form>
    </Dialog>
  );
}

/** The row that held the focus may be gone; a screen reader should not be thrown to the top of the document. */
function focusContentIfLost() {
  if (document.activeElement === document.body) document.getElementById("content")?.focus();
}
