"use client";
/** An endpoint's signing secret: shown once, right after it was made. */
import { type ReactNode, useActionState, useState } from "react";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { Card, CardBody, CardHead } from "./ui/card";
import { CopyField } from "./ui/copy-field";
import { DialogFoot } from "./ui/dialog-foot";
import { DialogTrigger } from "./ui/dialog-trigger";
import { FormError } from "./ui/form-error";
import { Note } from "./ui/note";
import { SubmitButton } from "./ui/submit-button";
import { toast } from "./ui/toast";

interface WebhookSecretProps {
  /** Sent along with the form. */
  fields: Record<string, string>;
  action: FormAction<{ secret: string }>;
  /** Whether the old one is still signed with. */
  children: ReactNode;
}

export function WebhookSecret({ fields, action, children }: WebhookSecretProps) {
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <Card tone={secret ? "accent" : "plain"}>
      <CardHead
        title="Signing secret"
        text="Your server checks with it that a request comes from here."
        aside={<RotateWebhookSecret fields={fields} action={action} onRotated={setSecret} />}
      />
      {secret && (
        <CardBody>
          <WebhookSecretOnce key={secret} secret={secret} />
        </CardBody>
      )}
      {children}
    </Card>
  );
}

/** The value, the one time it can be seen. */
export function WebhookSecretOnce({ secret }: { secret: string }) {
  return (
    <>
      <CopyField label="Signing secret" value={secret} />
      <Note tone="warn" role="status">
        <strong>Copy the secret now.</strong> It is not shown again. With it and any library for Standard
        Webhooks, your server checks each request.
      </Note>
    </>
  );
}

interface RotateProps extends Omit<WebhookSecretProps, "children"> {
  onRotated: (secret: string) => void;
}

function RotateWebhookSecret({ fields, action, onRotated }: RotateProps) {
  const [open, setOpen] = useState(false);
  const [state, submit] = useActionState(async (before: ActionState<{ secret: string }>, form: FormData) => {
    const after = await action(before, form);
    if (!after?.ok) return after;
    onRotated(after.secret);
    setOpen(false);
    toast("New secret made");
    // The secret lives in the field on the page alone, not in this state as well.
    return null;
  }, null);
  const title = "Rotate secret";
  return (
    <DialogTrigger open={open} onOpenChange={setOpen} trigger={title} size="sm" title={title}>
      <form action={submit} className="grid grid-cols-1 gap-5">
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <p className="text-md text-soft">
          A new secret is made and shown once. For 24 hours each request carries a signature of both, so that
          your servers can change one after the other.
        </p>
        <FormError text={errorOf(state, "form")} />
        <DialogFoot onCancel={() => setOpen(false)}>
          <SubmitButton variant="primary">{title}</SubmitButton>
        </DialogFoot>
      </form>
    </DialogTrigger>
  );
}
