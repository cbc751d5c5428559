"use client";
/** A service account's username and, after it was reset, its new password. */
import { type ReactNode, useActionState, useState } from "react";
import { ServiceSecretsOnce } from "./service-account-once";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { Card, CardBody, CardHead } from "./ui/card";
import { CopyField } from "./ui/copy-field";
import { DialogFoot } from "./ui/dialog-foot";
import { DialogTrigger } from "./ui/dialog-trigger";
import { FormError } from "./ui/form-error";
import { SubmitButton } from "./ui/submit-button";
import { toast } from "./ui/toast";

export interface NewPassword {
  password: string;
}

interface ServiceAccountPasswordProps {
  accountId: string;
  username: string;
  action: FormAction<NewPassword>;
  /** What the password is good for at the moment. */
  children: ReactNode;
}

export function ServiceAccountPassword({
  accountId,
  username,
  action,
  children,
}: ServiceAccountPasswordProps) {
  const [password, setPassword] = useState<string | null>(null);
  return (
    <Card tone={password ? "accent" : "plain"}>
      <CardHead
        title="Username and password"
        text="For the password grant. Neither signs in on a page."
        aside={<ResetPassword accountId={accountId} action={action} onReset={setPassword} />}
      />
      <CardBody>
        <CopyField label="Username" value={username} />
        {password && <ServiceSecretsOnce key={password} password={password} />}
        {children}
      </CardBody>
    </Card>
  );
}

interface ResetPasswordProps extends Pick<ServiceAccountPasswordProps, "accountId" | "action"> {
  onReset: (password: string) => void;
}

function ResetPassword({ accountId, action, onReset }: ResetPasswordProps) {
  const [open, setOpen] = useState(false);
  const [state, submit] = useActionState(async (before: ActionState<NewPassword>, form: FormData) => {
    const after = await action(before, form);
    if (!after?.ok) return after;
    onReset(after.password);
    setOpen(false);
    toast("New password made");
    // The password lives in the field on the page alone, not in this state as well.
    return null;
  }, null);
  const error = errorOf(state, "form");
  return (
    <DialogTrigger open={open} onOpenChange={setOpen} trigger="Reset password" title="Reset the password?">
      <form action={submit} className="grid grid-cols-1 gap-5">
        <input type="hidden" name="account" value={accountId} />
        <p className="text-md text-soft">
          A new password is made and shown once. The old one and every token it opened end at once. The API
          Key and its secrets go on working.
        </p>
        <FormError text={error} />
        <DialogFoot onCancel={() => setOpen(false)}>
          <SubmitButton variant="danger">Reset password</SubmitButton>
        </DialogFoot>
      </form>
    </DialogTrigger>
  );
}
