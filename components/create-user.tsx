"use client";
/** Making an account for somebody, who chooses their password by the link of a letter. */
import { useActionState } from "react";
import { errorOf, type FormAction } from "./ui/action-state";
import { Card, CardBody } from "./ui/card";
import { FormFoot } from "./ui/form-foot";
import { KeepForm } from "./ui/keep-form";
import { TextField } from "./ui/text-field";

export function CreateUser({ action }: { action: FormAction }) {
  const [state, submit, pending] = useActionState(action, null);
  return (
    <>
      <h1 className="font-semibold text-2xl">Create user</h1>
      <p className="mb-5 text-soft">They get a letter with a link, which works for seven days.</p>
      <KeepForm state={state} submit={submit} pending={pending} className="grid grid-cols-1 gap-5">
        <Card>
          <CardBody>
            <TextField
              id="name"
              name="name"
              label="Name"
              autoComplete="off"
              maxLength={80}
              error={errorOf(state, "name")}
            />
            <TextField
              id="email"
              name="email"
              label="Email"
              type="email"
              hint="They sign in with it."
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              error={errorOf(state, "email")}
            />
          </CardBody>
        </Card>
        <FormFoot submitLabel="Create user" pending={pending} cancelHref="/admin/users" />
      </KeepForm>
    </>
  );
}
