"use client";
/** Setting up an authenticator app: scan, type the code, keep the recovery codes. */
import { type ReactNode, useActionState } from "react";
import { RecoveryCodesReady } from "./recovery-codes-ready";
import { errorOf, type FormAction } from "./ui/action-state";
import { Card, CardBody, CardHead } from "./ui/card";
import { CopyField } from "./ui/copy-field";
import { FormError } from "./ui/form-error";
import { FormFoot } from "./ui/form-foot";
import { KeepForm } from "./ui/keep-form";
import { TextField } from "./ui/text-field";

interface SetUpAuthenticatorProps {
  /** Null when there is none under way. */
  setup: { key: string; picture: ReactNode } | null;
  action: FormAction<{ codes: string[] }>;
}

const page = "/settings/security";

/** What shows the recovery codes is loaded with the form: they are said once and must not meet a failed download. */
export function SetUpAuthenticator({ setup, action }: SetUpAuthenticatorProps) {
  const [state, submit, pending] = useActionState(action, null);
  if (state?.ok) return <RecoveryCodesReady title="Two-factor authentication is on" codes={state.codes} />;
  if (!setup)
    return (
      <>
        <h1 className="mb-5 font-semibold text-2xl">Set up an authenticator app</h1>
        <FormError text="No set-up is under way, or it took too long. Start it on the page Security." />
      </>
    );
  return (
    <>
      <h1 className="mb-5 font-semibold text-2xl">Set up an authenticator app</h1>
      <KeepForm state={state} submit={submit} pending={pending} className="grid max-w-[46rem] gap-5">
        <FormError text={errorOf(state, "form")} />
        <Card>
          <CardHead
            title="1. Scan this with your app"
            text="Any app for time-based codes does: of your phone's maker, of your password manager, or another."
          />
          <CardBody>
            <div className="grid items-center gap-5 sm:grid-cols-[auto_minmax(0,1fr)]">
              {setup.picture}
              <CopyField
                label="Key"
                value={setup.key}
                hint="For an app that cannot scan. Treat it like a password."
              />
            </div>
          </CardBody>
        </Card>
        <Card>
          <CardHead title="2. Enter the code it shows" text="It proves that the app has the key." />
          <CardBody>
            <TextField
              id="code"
              name="code"
              label="Code"
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={12}
              className="max-w-[24rem]"
              error={errorOf(state, "code")}
            />
          </CardBody>
        </Card>
        <FormFoot submitLabel="Turn on" pending={pending} cancelHref={page} />
      </KeepForm>
    </>
  );
}
