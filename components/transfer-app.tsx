"use client";
/** Giving an app to somebody else. */
import { useState } from "react";
import type { FormAction } from "./ui/action-state";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { TextField } from "./ui/text-field";

interface TransferAppProps {
  name: string;
  fields: Record<string, string>;
  action: FormAction;
}

export function TransferApp({ name, fields, action }: TransferAppProps) {
  const [to, setTo] = useState("");
  return (
    <ConfirmDialog
      trigger="Transfer"
      title={`Transfer ${name}?`}
      confirm="Transfer"
      action={action}
      fields={fields}
      done={`${name} is transferred`}
      ready={to.trim() !== ""}
    >
      <p>
        What people allowed stands. Tokens that act for the present owner end, and so does a verification.
        Whoever knows its secrets still knows them: the new owner should rotate them.
      </p>
      <TextField
        id="to"
        name="to"
        label="New owner"
        hint="The e-mail address of a person, or the id of a company."
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
    </ConfirmDialog>
  );
}
