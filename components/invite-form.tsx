"use client";
/** Inviting somebody to a company by their e-mail address. */
import { useActionState, useRef } from "react";
import { roleOptions } from "./role-words";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { Card, CardBody, CardHead } from "./ui/card";
import { FormError } from "./ui/form-error";
import { KeepForm } from "./ui/keep-form";
import { SelectField } from "./ui/select-field";
import { SubmitButton } from "./ui/submit-button";
import { TextField } from "./ui/text-field";
import { toast } from "./ui/toast";

export function InviteForm({ company, action }: { company: string; action: FormAction }) {
  const fields = useRef<HTMLDivElement>(null);
  const [state, submit, pending] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await action(before, form);
    if (after?.ok) {
      toast(`Invitation sent to ${form.get("email")}`);
      fields.current?.closest("form")?.reset();
    }
    return after;
  }, null);
  return (
    <Card>
      <CardHead
        title="Invite somebody"
        text="They get a letter with a link that works once. Nobody else can use it."
      />
      <CardBody>
        <KeepForm state={state} submit={submit} pending={pending} className="grid grid-cols-1 gap-4">
          <FormError text={errorOf(state, "form")} />
          <input type="hidden" name="company" value={company} />
          <div ref={fields} className="grid items-start gap-4 sm:grid-cols-[minmax(0,1fr)_12rem_auto]">
            <TextField
              id="email"
              name="email"
              label="Email"
              type="email"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={254}
              error={errorOf(state, "email")}
            />
            <SelectField
              id="role"
              name="role"
              label="Role"
              options={roleOptions}
              error={errorOf(state, "role")}
            />
            <SubmitButton variant="primary" pending={pending} className="sm:mt-[1.75rem]">
              Invite member
            </SubmitButton>
          </div>
        </KeepForm>
      </CardBody>
    </Card>
  );
}
