"use client";
/** Changing one's own password. */
import { useActionState } from "react";
import { errorOf, type FormAction } from "./ui/action-state";
import { CheckField } from "./ui/check-field";
import { FormError } from "./ui/form-error";
import { KeepForm } from "./ui/keep-form";
import { SubmitButton } from "./ui/submit-button";
import { TextField } from "./ui/text-field";

export function PasswordForm({ email, action }: { email: string; action: FormAction }) {
  const [state, submit, pending] = useActionState(action, null);
  const error = errorOf(state, "form");
  return (
    <KeepForm state={state} submit={submit} pending={pending} className="grid gap-5">
      <FormError text={error} />
      {/* Password managers need to know whose password this is. */}
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <TextField
        id="current"
        name="current"
        type="password"
        label="Current password"
        autoComplete="current-password"
        error={errorOf(state, "current")}
      />
      <TextField
        id="next"
        name="next"
        type="password"
        label="New password"
        hint="At least 8 characters."
        autoComplete="new-password"
        error={errorOf(state, "next")}
      />
      <CheckField
        id="endAccess"
        name="endAccess"
        label="End my tokens and app access, too"
        hint="For when somebody else may have been in your account."
      />
      <div>
        <SubmitButton variant="primary" pending={pending}>
          Change password
        </SubmitButton>
      </div>
    </KeepForm>
  );
}
