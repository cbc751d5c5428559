"use client";
/** A button that does one harmless thing at once. */
import { type ComponentProps, useActionState } from "react";
import { type ActionState, errorOf, type FormAction } from "./action-state";
import type { Button } from "./button";
import { FormError } from "./form-error";
import { SubmitButton } from "./submit-button";
import { toast } from "./toast";

interface ActionButtonProps {
  action: FormAction;
  /** Sent along with the form. */
  fields: Record<string, string>;
  /** Said in a toast when done. */
  done: string;
  variant?: ComponentProps<typeof Button>["variant"];
  children: string;
}

export function ActionButton({ action, fields, done, variant, children }: ActionButtonProps) {
  const [state, submit] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await action(before, form);
    if (after?.ok) toast(done);
    return after;
  }, null);
  return (
    <form action={submit} className="grid justify-items-end gap-2">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <SubmitButton size="sm" variant={variant}>
        {children}
      </SubmitButton>
      <FormError text={errorOf(state, "form")} />
    </form>
  );
}
