"use client";
/** The last step of ending many credentials: one button, then how many ended. */
import Link from "next/link";
import { useActionState } from "react";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { buttonClass } from "./ui/button";
import { FormError } from "./ui/form-error";
import { Note } from "./ui/note";
import { SubmitButton } from "./ui/submit-button";

export interface BulkRevoked {
  revoked: number;
  /** Counted, and not ended yet. */
  left: number;
}

interface BulkRevokeProps {
  action: FormAction<BulkRevoked>;
  /** The filter, and the moment at which it was counted. */
  fields: Record<string, string>;
  total: number;
  back: string;
}

export function BulkRevoke({ action, fields, total, back }: BulkRevokeProps) {
  const [state, submit] = useActionState<ActionState<BulkRevoked>, FormData>(action, null);
  const isOver = total === 0 || (state?.ok === true && state.left === 0);
  return (
    <form action={submit} className="grid gap-4">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <FormError text={errorOf(state, "form")} />
      {state?.ok && (
        <Note role="status">
          {state.revoked.toLocaleString("en-GB")} revoked.
          {state.left > 0 && ` ${state.left.toLocaleString("en-GB")} are left: press the button again.`}
        </Note>
      )}
      <div className="flex flex-wrap justify-end gap-2.5">
        <Link href={back} className={buttonClass()}>
          {isOver ? "Back to tokens" : "Cancel"}
        </Link>
        {!isOver && <SubmitButton variant="danger">Revoke all</SubmitButton>}
      </div>
    </form>
  );
}
