"use client";
/** A company's name. */
import { useActionState } from "react";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { KeepForm } from "./ui/keep-form";
import { SubmitButton } from "./ui/submit-button";
import { TextField } from "./ui/text-field";
import { toast } from "./ui/toast";

export function RenameCompany({ id, name, action }: { id: string; name: string; action: FormAction }) {
  const [state, submit, pending] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await action(before, form);
    if (after?.ok) toast("The name is saved");
    return after;
  }, null);
  return (
    <KeepForm
      state={state}
      submit={submit}
      pending={pending}
      className="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_auto]"
    >
      <input type="hidden" name="company" value={id} />
      <TextField
        id="name"
        name="name"
        label="Company name"
        defaultValue={name}
        autoComplete="off"
        maxLength={80}
        error={errorOf(state, "name") ?? errorOf(state, "form")}
      />
      <SubmitButton pending={pending} className="sm:mt-7">
        Save name
      </SubmitButton>
    </KeepForm>
  );
}
