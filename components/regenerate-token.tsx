"use client";
/** The dialog that makes a new token in the place of one, asks how long the old one may stay, and shows the new one once. */
import { useRouter } from "next/navigation";
import { useActionState, useState } from "react";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { Button } from "./ui/button";
import { CopyField } from "./ui/copy-field";
import { DialogFoot } from "./ui/dialog-foot";
import { DialogTrigger } from "./ui/dialog-trigger";
import { FormError } from "./ui/form-error";
import { type Option, SelectField } from "./ui/select-field";
import { SubmitButton } from "./ui/submit-button";

/** What was made; the value is in here and nowhere else. */
export interface RegeneratedToken {
  token: string;
  /** What has become of the old one, and until when the new one works, in words. */
  told: string;
}

export type RegenerateTokenAction = FormAction<RegeneratedToken>;

interface RegenerateTokenProps {
  token: { handle: string; name: string; start: string };
  action: RegenerateTokenAction;
  lifetimes: readonly Option[];
}

const overlaps = [
  { value: "0", label: "Revoke now" },
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "24 hours" },
  { value: "604800", label: "7 days" },
];

/** The list is read again when the dialog closes, not before: its row may go, and the new value with it. */
export function RegenerateToken({ token, action, lifetimes }: RegenerateTokenProps) {
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<RegeneratedToken | null>(null);
  const router = useRouter();
  const [state, submit] = useActionState(async (before: ActionState<RegeneratedToken>, form: FormData) => {
    const after = await action(before, form);
    if (!after?.ok) return after;
    setMade({ token: after.token, told: after.told });
    return null;
  }, null);
  const error = errorOf(state, "form");
  const change = (isOpen: boolean) => {
    setOpen(isOpen);
    if (isOpen || !made) return;
    setMade(null);
    router.refresh();
  };
  return (
    <DialogTrigger
      open={open}
      onOpenChange={change}
      trigger="Regenerate"
      describedBy={`token-${token.handle}`}
      variant="quiet"
      size="sm"
      title={made ? `New token for ${token.name}` : `Regenerate ${token.name}?`}
    >
      {made ? (
        <div className="grid grid-cols-1 gap-5">
          <CopyField label="Personal token" value={made.token} hint={made.told} />
          <p role="status" className="text-md text-warn">
            <strong>Copy the token now.</strong> It is not shown again.
          </p>
          <div className="grid sm:justify-end">
            <Button variant="primary" onClick={() => change(false)}>
              Done
            </Button>
          </div>
        </div>
      ) : (
        <form action={submit} className="grid grid-cols-1 gap-5">
          <input type="hidden" name="token" value={token.handle} />
          <p className="text-md text-soft">
            A new token with the same name, scopes and reach is made and shown once. Programs that still send{" "}
            <code className="font-mono text-sm">{token.start}</code> are refused as soon as it ends.
          </p>
          <SelectField
            id="overlap"
            name="overlap"
            label="Old token stays valid for"
            options={overlaps}
            defaultValue="86400"
            error={errorOf(state, "overlap")}
            hint="Long enough to bring the new token everywhere. With a leaked token, revoke now."
          />
          <SelectField
            id="expiration"
            name="expiration"
            label="Expiration"
            options={lifetimes}
            defaultValue="30"
            error={errorOf(state, "expiration")}
          />
          <FormError text={error} />
          <DialogFoot onCancel={() => setOpen(false)}>
            <SubmitButton variant="primary">Regenerate</SubmitButton>
          </DialogFoot>
        </form>
      )}
    </DialogTrigger>
  );
}
