"use client";
/** Giving a company another name. */
import { useActionState } from "react";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { KeepForm } from "./ui/keep-form";
import { SubmitButton } from "./ui/submit-button";
import { TextField } from "./ui/text-field";
import { toast } from "./ui/toast";

interface CompanyNameFormProps {
  company: string;
  name: string;
  action: FormAction;
}

export function CompanyNameForm({ company, name, action }: CompanyNameFormProps) {
  const [state, submit, pending] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await action(before, form);
    if (after?.ok) toast("Company saved");
    return after;
  }, null);
  return (
    <KeepForm
      state={state}
      submit={submit}
      pending={pending}
      className="grid items-start gap-4 sm:grid-cols-[minmax(0,24rem)_auto] sm:justify-start"
    >
      <input type="hidden" name="company" value={company} />
      <TextField
        id="name"
        name="name"
        label="Company name"
        autoComplete="organization"
        maxLength={60}
        defaultValue={name}
        error={errorOf(state, "name")}
      />
      <SubmitButton variant="primary" pending={pending} className="sm:mt-[1.75rem]">
        Save
      </SubmitButton>
    </KeepForm>
  );
}
