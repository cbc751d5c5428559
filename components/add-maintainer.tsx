"use client";
/** Letting a member of the company maintain its app. */
import { useActionState, useRef } from "react";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { Card, CardBody, CardHead } from "./ui/card";
import { KeepForm } from "./ui/keep-form";
import { SubmitButton } from "./ui/submit-button";
import { TextField } from "./ui/text-field";
import { toast } from "./ui/toast";

interface AddMaintainerProps {
  appId: string;
  company: string;
  action: FormAction;
}

export function AddMaintainer({ appId, company, action }: AddMaintainerProps) {
  const fields = useRef<HTMLDivElement>(null);
  const [state, submit, pending] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await action(before, form);
    if (after?.ok) {
      toast("Maintainer added");
      fields.current?.closest("form")?.reset();
    }
    return after;
  }, null);
  return (
    <Card>
      <CardHead
        title="Add a maintainer"
        text="They do everything with this app but delete it, and say who else maintains it."
      />
      <CardBody>
        <KeepForm state={state} submit={submit} pending={pending}>
          <input type="hidden" name="app" value={appId} />
          <div
            ref={fields}
            className="grid items-start gap-4 sm:grid-cols-[minmax(0,24rem)_auto] sm:justify-start"
          >
            <TextField
              id="email"
              name="email"
              label="Email"
              hint={`Of a member of ${company}.`}
              type="email"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={254}
              error={errorOf(state, "email")}
            />
            <SubmitButton variant="primary" pending={pending} className="sm:mt-[1.75rem]">
              Add maintainer
            </SubmitButton>
          </div>
        </KeepForm>
      </CardBody>
    </Card>
  );
}
