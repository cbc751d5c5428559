"use client";
/** The dialog that makes a new secret and asks how long the old one may stay. */
import { useActionState, useState } from "react";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { DialogFoot } from "./ui/dialog-foot";
import { DialogTrigger } from "./ui/dialog-trigger";
import { FormError } from "./ui/form-error";
import { SelectField } from "./ui/select-field";
import { SubmitButton } from "./ui/submit-button";
import { toast } from "./ui/toast";

export interface RotatedSecret {
  secret: string;
}

interface RotateSecretProps {
  /** Words on the button, and over what it opens. */
  title?: string;
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

export function RotateSecret(props: RotateSecretProps) {
  const { title = "Rotate secret", clientId, action, overlapSeconds, onRotated } = props;
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
    <DialogTrigger open={open} onOpenChange={setOpen} trigger={title} title={title}>
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
        <FormError text={error} />
        <DialogFoot onCancel={() => setOpen(false)}>
          <SubmitButton variant="primary">{title}</SubmitButton>
        </DialogFoot>
      </form>
    </DialogTrigger>
  );
}
