"use client";
/** Suspending an app, with a reason for its owner. */
import { type ReactNode, useState } from "react";
import type { FormAction } from "./ui/action-state";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { TextareaField } from "./ui/textarea-field";

interface SuspendAppProps {
  name: string;
  fields: Record<string, string>;
  action: FormAction;
  /** What will stop working. */
  children: ReactNode;
}

export function SuspendApp({ name, fields, action, children }: SuspendAppProps) {
  const [reason, setReason] = useState("");
  return (
    <ConfirmDialog
      trigger="Suspend"
      title={`Suspend ${name}?`}
      confirm="Suspend"
      action={action}
      fields={fields}
      done={`${name} is suspended`}
      ready={reason.trim() !== ""}
    >
      {children}
      <TextareaField
        id="reason"
        name="reason"
        label="Reason"
        hint="Its owner reads it."
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        required
        maxLength={1000}
        prose
      />
    </ConfirmDialog>
  );
}
