"use client";
/** Making a company with its first owner. */
import { useActionState } from "react";
import { errorOf, type FormAction } from "./ui/action-state";
import { Card, CardBody } from "./ui/card";
import { FormFoot } from "./ui/form-foot";
import { KeepForm } from "./ui/keep-form";
import { SelectField } from "./ui/select-field";
import { TextField } from "./ui/text-field";

const plans = [
  { value: "yes", label: "With API access" },
  { value: "no", label: "Without API access" },
];

export function CreateCompany({ action }: { action: FormAction }) {
  const [state, submit, pending] = useActionState(action, null);
  return (
    <>
      <h1 className="mb-5 font-semibold text-2xl">Create company</h1>
      <KeepForm state={state} submit={submit} pending={pending} className="grid grid-cols-1 gap-5">
        <Card>
          <CardBody>
            <TextField
              id="name"
              name="name"
              label="Company name"
              autoComplete="off"
              maxLength={80}
              error={errorOf(state, "name")}
            />
            <SelectField id="plan" name="plan" label="Plan" options={plans} error={errorOf(state, "plan")} />
            <TextField
              id="owner"
              name="owner"
              label="Email of its first owner"
              type="email"
              hint="Who has no account yet gets one, and a letter with a link."
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              error={errorOf(state, "owner")}
            />
          </CardBody>
        </Card>
        <FormFoot submitLabel="Create company" pending={pending} cancelHref="/admin/companies" />
      </KeepForm>
    </>
  );
}
