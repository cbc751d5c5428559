"use client";
/** Asking for another e-mail address. */
import { useActionState, useState } from "react";
import { errorOf, type FormAction } from "./ui/action-state";
import { FormError } from "./ui/form-error";
import { KeepForm } from "./ui/keep-form";
import { Note } from "./ui/note";
import { SubmitButton } from "./ui/submit-button";
import { TextField } from "./ui/text-field";

interface EmailFormProps {
  email: string;
  /** Who signs in through a provider alone has none to be asked for. */
  hasPassword: boolean;
  action: FormAction;
}

export function EmailForm({ email, hasPassword, action }: EmailFormProps) {
  const [state, submit, pending] = useActionState(action, null);
  const [asked, setAsked] = useState("");
  const error = errorOf(state, "form");
  return (
    <KeepForm state={state} submit={submit} pending={pending} className="grid gap-5">
      <FormError text={error} />
      {state?.ok && (
        <Note role="status">
          A letter is on its way to <strong className="wrap-anywhere">{asked}</strong>. Open its link while
          you are signed in here, within 24 hours.
        </Note>
      )}
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <TextField
        id="newEmail"
        name="newEmail"
        type="email"
        label="New email"
        autoComplete="email"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={254}
        onChange={(event) => setAsked(event.currentTarget.value)}
        error={errorOf(state, "newEmail")}
      />
      {hasPassword && (
        <TextField
          id="emailPassword"
          name="password"
          type="password"
          label="Your password"
          autoComplete="current-password"
          error={errorOf(state, "password")}
        />
      )}
      <div>
        <SubmitButton variant="primary" pending={pending}>
          Change email
        </SubmitButton>
      </div>
    </KeepForm>
  );
}
