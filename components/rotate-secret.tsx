"use client";
/** The dialog that makes a new secret and asks how long the old one may stay. */
import { useActionState, useState } from "react";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { Button } from "./ui/button";
import { DialogTrigger } from "./ui/dialog-trigger";
import { Note } from "./ui/note";
import { SelectField } from "./ui/select-field";
import { SubmitButton } from "./ui/submit-button";
import { toast } from "./ui/toast";

export interface RotatedSecret {
  secret: string;
}

interface RotateSecretProps {
  clientId: string;
  action: FormAction<RotatedSecret>;
  overlapSeconds: number;
  onRotated: (secret: string) => void;
}

const overlaps = [
  { value: "0", label: "Revoke now" },
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "24 hours" },
  { value: "604800", label: "7 days" },
];

export function RotateSecret({ clientId, action, overlapSeconds, onRotated }: RotateSecretProps) {
  const [open, setOpen] = useState(false);
  const [state, submit] = useActionState(async (before: ActionState<RotatedSecret>, form: FormData) => {
    const after = await action(before, form);
    if (!after?.ok) return after;
    onRotated(after.secret);
    setOpen(false);
    toast("New secret made");
    // The secret lives in the field on the page alone, not in this state as well.
    return null;
  }, null);
  const error = errorOf(state, "form");
  return (
    <DialogTrigger open={open} onOpenChange={setOpen} trigger="Rotate secret" title="Rotate secret">
      <form action={submit} className="grid grid-cols-1 gap-5">
        <input type="hidden" name="app" value={clientId} />
        <p className="text-md text-soft">
          A new secret is made and shown once. Servers that still send the old one are refused as soon as it
          ends.
        </p>
        <SelectField
          id="overlap"
          name="overlap"
          label="Old secret stays valid for"
          options={overlaps}
          defaultValue={String(overlapSeconds)}
          error={errorOf(state, "overlap")}
          hint="Long enough to bring the new secret to every server. With a leaked secret, revoke now."
        />
        {error && (
          <Note tone="bad" role="alert">
            {error}
          </Note>
        )}
        <div className="grid grid-cols-2 gap-2.5 sm:flex sm:justify-end">
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <SubmitButton variant="primary">Rotate secret</SubmitButton>
        </div>
      </form>
    </DialogTrigger>
  );
}
