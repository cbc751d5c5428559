"use client";
/** What an administrator decides about an app that waits. */
import { Check } from "lucide";
import { useActionState, useState } from "react";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { Button } from "./ui/button";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { FormError } from "./ui/form-error";
import { Icon } from "./ui/icon";
import { Spinner } from "./ui/spinner";
import { TextareaField } from "./ui/textarea-field";
import { toast } from "./ui/toast";

interface ApprovalButtonsProps {
  app: { id: string; name: string; version: number };
  /** Id of the app's name. */
  describedBy: string;
  approve: FormAction;
  refuse: FormAction;
}

export function ApprovalButtons({ app, describedBy, approve, refuse }: ApprovalButtonsProps) {
  const [reason, setReason] = useState("");
  const [state, submit, pending] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await approve(before, form);
    if (after?.ok) toast(`${app.name} is approved`);
    return after;
  }, null);
  const error = errorOf(state, "form");
  const fields = { app: app.id, version: String(app.version) };
  return (
    <div className="grid gap-3 border-line border-t px-4 py-3.5 sm:px-5">
      <FormError text={error} />
      <div className="flex flex-wrap items-center gap-2.5">
        <form action={submit}>
          {Object.entries(fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <Button
            type="submit"
            size="sm"
            disabled={pending}
            aria-busy={pending}
            aria-describedby={describedBy}
          >
            {pending ? <Spinner /> : <Icon of={Check} />}
            Approve
          </Button>
        </form>
        <ConfirmDialog
          trigger="Refuse"
          triggerDescribedBy={describedBy}
          title={`Refuse ${app.name}?`}
          confirm="Refuse"
          action={refuse}
          fields={fields}
          done={`${app.name} is refused`}
          ready={reason.trim() !== ""}
        >
          <p>
            It stops working for its developer, too, who reads your reason and can change it and ask again.
          </p>
          <TextareaField
            id={`reason-${app.id}`}
            name="reason"
            label="Reason"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            required
            maxLength={1000}
            prose
          />
        </ConfirmDialog>
      </div>
    </div>
  );
}
