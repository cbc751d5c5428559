"use client";
/** Something behind a question: a quiet button, then a dialog that says what it does, mostly what will stop working. */
import { useRouter } from "next/navigation";
import { type ReactNode, useActionState, useState } from "react";
import { type ActionState, errorOf, type FormAction } from "./action-state";
import { DialogFoot } from "./dialog-foot";
import { DialogTrigger } from "./dialog-trigger";
import { FormError } from "./form-error";
import { SubmitButton } from "./submit-button";
import { toast } from "./toast";

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
  /** It ends nothing, but is worth a question. */
  harmless?: boolean;
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
  const { action, fields, done, then, ready = true, harmless = false } = rest;
  const [open, setOpen] = useState(false);
  const router = useRouter();
  const [state, submit] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await action(before, form);
    if (!after?.ok) return after;
    setOpen(false);
    toast(done);
    if (then) router.push(then);
    return after;
  }, null);
  const error = errorOf(state, "form");
  return (
    <DialogTrigger
      open={open}
      onOpenChange={setOpen}
      trigger={trigger}
      describedBy={triggerDescribedBy}
      variant={harmless ? "quiet" : "warning"}
      size="sm"
      title={title}
    >
      <form action={submit} className="grid grid-cols-1 gap-5">
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <div className="grid grid-cols-1 gap-3 text-md text-soft [&_strong]:font-medium [&_strong]:text-ink">
          {children}
        </div>
        <FormError text={error} />
        <DialogFoot onCancel={() => setOpen(false)}>
          <SubmitButton variant={harmless ? "primary" : "danger"} disabled={!ready}>
            {confirm}
          </SubmitButton>
        </DialogFoot>
      </form>
    </DialogTrigger>
  );
}
