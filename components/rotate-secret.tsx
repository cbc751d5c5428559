"use client";
/** The dialog that makes a new secret and asks how long the old one may stay. */
import { type ReactNode, useActionState, useState } from "react";
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
  /** What ending the old secret would stop, in numbers. */
  stops: ReactNode;
  onRotated: (secret: string) => void;
}

const overlaps = [
  { value: "0", label: "Revoke now" },
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "24 hours" },
  { value: "604800", label: "7 days" },
];

export function RotateSecret(props: RotateSecretProps) {
  const { title = "Rotate secret", clientId, action, overlapSeconds, stops, onRotated } = props;
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
        {stops}
        <SelectField
          id="overlap"
          name="overlap"
          label="Old secret stays valid for"
          options={overlaps}
          defaultValue={String(overlapSeconds)}
          error={errorOf(state, "overlap")}
          hint="Long enough to bring the new secret to every server. With a leaked secret, revoke now."
        />
        <div className="flex gap-3 text-md">
          <input
            type="checkbox"
            id="silent"
            name="silent"
            value="24"
            aria-describedby="silent-hint"
            className="mt-[3px] size-4 shrink-0 accent-accent"
          />
          <div>
            <label htmlFor="silent" className="font-medium">
              When silent for 24 hours
            </label>
            <p id="silent-hint" className="text-sm text-soft">
              It retires sooner, once nobody has sent it for 24 hours. Each use keeps it, up to its date.
            </p>
          </div>
        </div>
        <FormError text={error} />
        <DialogFoot onCancel={() => setOpen(false)}>
          <SubmitButton variant="primary">{title}</SubmitButton>
        </DialogFoot>
      </form>
    </DialogTrigger>
  );
}
