"use client";
/** A button that does one small thing at once, says so, or says why not. Works without JavaScript. */
import { useActionState } from "react";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { SubmitButton } from "./ui/submit-button";
import { toast } from "./ui/toast";

interface ActionButtonProps {
  label: string;
  /** Id of the text that says what it is about. */
  describedBy?: string;
  action: FormAction;
  /** Sent along. */
  fields: Record<string, string>;
  /** Said in a toast when done. */
  done: string;
}

export function ActionButton({ label, describedBy, action, fields, done }: ActionButtonProps) {
  const [state, submit] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await action(before, form);
    if (after?.ok) toast(done);
    return after;
  }, null);
  const error = errorOf(state, "form");
  return (
    <form action={submit} className="grid justify-items-end gap-1">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <SubmitButton variant="quiet" size="sm" aria-describedby={describedBy}>
        {label}
      </SubmitButton>
      {error && (
        <p role="alert" className="max-w-64 text-right font-medium text-bad text-sm">
          {error}
        </p>
      )}
    </form>
  );
}
