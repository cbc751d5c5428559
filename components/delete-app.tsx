"use client";
/** Deleting an app, after its name has been typed. */
import { type ReactNode, useState } from "react";
import type { FormAction } from "./ui/action-state";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { TextField } from "./ui/text-field";

interface DeleteAppProps {
  app: { id: string; name: string };
  action: FormAction;
  /** What will stop working. */
  children: ReactNode;
}

export function DeleteApp({ app, action, children }: DeleteAppProps) {
  const [typed, setTyped] = useState("");
  return (
    <ConfirmDialog
      trigger="Delete app"
      title={`Delete ${app.name}?`}
      confirm="Delete app"
      action={action}
      fields={{ app: app.id }}
      done={`${app.name} is deleted`}
      then="/settings/api-access/apps"
      ready={typed.trim() === app.name.trim()}
    >
      {children}
      <TextField
        id="confirm-name"
        name="confirm"
        label={`Type ${app.name} to confirm`}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
    </ConfirmDialog>
  );
}
