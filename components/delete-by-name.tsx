"use client";
/** Deleting something for good, after its name has been typed. */
import { type ReactNode, useState } from "react";
import type { FormAction } from "./ui/action-state";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { TextField } from "./ui/text-field";

interface DeleteByNameProps {
  /** Words on both buttons. */
  label: string;
  /** What people call it. */
  name: string;
  /** What must be typed: its name, or what else names it alone. */
  typed: string;
  action: FormAction;
  /** Sent along with the form. */
  fields: Record<string, string>;
  /** Where to go when it is gone. */
  then: string;
  /** What will stop working. */
  children: ReactNode;
}

export function DeleteByName({ label, name, typed, children, ...rest }: DeleteByNameProps) {
  const [written, setWritten] = useState("");
  return (
    <ConfirmDialog
      trigger={label}
      title={`Delete ${name}?`}
      confirm={label}
      done={`${name} is deleted`}
      ready={written.trim() === typed.trim()}
      {...rest}
    >
      {children}
      <TextField
        id="confirm-name"
        name="confirm"
        label={`Type ${typed} to confirm`}
        value={written}
        onChange={(event) => setWritten(event.currentTarget.value)}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
    </ConfirmDialog>
  );
}
