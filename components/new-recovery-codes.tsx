"use client";
/** Asking for new recovery codes, and the codes right after. */
import { useActionState } from "react";
import { RecoveryCodesReady } from "./recovery-codes-ready";
import { errorOf, type FormAction } from "./ui/action-state";
import { Card, CardBody } from "./ui/card";
import { FormError } from "./ui/form-error";
import { FormFoot } from "./ui/form-foot";
import { KeepForm } from "./ui/keep-form";

interface NewRecoveryCodesProps {
  /** How many still work. */
  left: number;
  action: FormAction<{ codes: string[] }>;
}

export function NewRecoveryCodes({ left, action }: NewRecoveryCodesProps) {
  const [state, submit, pending] = useActionState(action, null);
  if (state?.ok) return <RecoveryCodesReady title="Your new recovery codes" codes={state.codes} />;
  return (
    <>
      <h1 className="mb-5 font-semibold text-2xl">Recovery codes</h1>
      <KeepForm state={state} submit={submit} pending={pending} className="grid max-w-[46rem] gap-5">
        <FormError text={errorOf(state, "form")} />
        <Card>
          <CardBody>
            <p className="text-md text-soft">
              {left === 0
                ? "None of your codes is left."
                : `${left} of your codes still ${left === 1 ? "works" : "work"}.`}{" "}
              When you make new ones, those you have stop working at once. You see the new ones a single time.
            </p>
          </CardBody>
        </Card>
        <FormFoot submitLabel="Make new codes" pending={pending} cancelHref="/settings/security" />
      </KeepForm>
    </>
  );
}
