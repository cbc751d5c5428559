"use client";
/** Changing one's own name. */
import { useActionState } from "react";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { KeepForm } from "./ui/keep-form";
import { SubmitButton } from "./ui/submit-button";
import { TextField } from "./ui/text-field";
import { toast } from "./ui/toast";

interface ProfileFormProps {
  name: string;
  email: string;
  action: FormAction;
}

export function ProfileForm({ name, email, action }: ProfileFormProps) {
  const [state, submit, pending] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await action(before, form);
    if (after?.ok) toast("Profile saved");
    return after;
  }, null);
  return (
    <KeepForm state={state} submit={submit} pending={pending} className="grid gap-5">
      <TextField
        id="name"
        name="name"
        label="Name"
        hint="Apps you make say that they are made by this name."
        autoComplete="name"
        maxLength={80}
        defaultValue={name}
        error={errorOf(state, "name") ?? errorOf(state, "form")}
      />
      <TextField
        id="email"
        label="Email"
        hint="You sign in with it."
        defaultValue={email}
        readOnly
        autoComplete="off"
      />
      <div>
        <SubmitButton variant="primary" pending={pending}>
          Save
        </SubmitButton>
      </div>
    </KeepForm>
  );
}
