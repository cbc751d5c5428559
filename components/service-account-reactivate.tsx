"use client";
/** Letting a suspended service account work again. */
import { useActionState } from "react";
import type { ActionState, FormAction } from "./ui/action-state";
import { SubmitButton } from "./ui/submit-button";
import { toast } from "./ui/toast";

interface ReactivateServiceAccountProps {
  accountId: string;
  action: FormAction;
  /** Said in a toast when done. */
  done: string;
}

export function ReactivateServiceAccount({ accountId, action, done }: ReactivateServiceAccountProps) {
  const [, submit] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await action(before, form);
    if (after?.ok) toast(done);
    return after;
  }, null);
  return (
    <form action={submit}>
      <input type="hidden" name="account" value={accountId} />
      <SubmitButton size="sm">Reactivate</SubmitButton>
    </form>
  );
}
