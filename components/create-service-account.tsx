"use client";
/** Making a service account, and its credentials right after. */
import Link from "next/link";
import { lazy, Suspense, useActionState } from "react";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { buttonClass } from "./ui/button";
import { Card, CardBody } from "./ui/card";
import { FormError } from "./ui/form-error";
import { KeepForm } from "./ui/keep-form";
import { type Option, SelectField } from "./ui/select-field";
import { SubmitButton } from "./ui/submit-button";
import { TextField } from "./ui/text-field";

const load = () => import("./service-account-ready");
const ServiceAccountReady = lazy(load);

/** What the action made; secret and password are in here and nowhere else. */
export interface CreatedServiceAccount {
  id: string;
  name: string;
  apiKey: string;
  secret: string;
  username: string;
  password: string;
}

interface CreateServiceAccountProps {
  action: FormAction<CreatedServiceAccount>;
  companies: readonly { id: string; name: string }[];
  issuer: string;
}

const scopes: readonly Option[] = [
  { value: "read", label: "Read" },
  { value: "write", label: "Read and write" },
];

export function CreateServiceAccount({ action, companies, issuer }: CreateServiceAccountProps) {
  const [state, submit, pending] = useActionState(
    async (before: ActionState<CreatedServiceAccount>, form: FormData) => {
      // First what shows the secrets, then the secrets: they are said once and must not meet a failed download.
      await load();
      return action(before, form);
    },
    null,
  );
  if (state?.ok) {
    return (
      <Suspense>
        <ServiceAccountReady account={state} issuer={issuer} />
      </Suspense>
    );
  }
  const error = errorOf(state, "form");
  return (
    <>
      <h1 className="mb-5 font-semibold text-2xl">Create service account</h1>
      <KeepForm state={state} submit={submit} pending={pending} className="grid grid-cols-1 gap-5">
        <FormError text={error} />
        <Card>
          <CardBody>
            <TextField
              id="name"
              name="name"
              label="Name"
              hint="What it is for, such as Nightly sync."
              autoComplete="off"
              maxLength={60}
              error={errorOf(state, "name")}
            />
            <TextField
              id="username"
              name="username"
              label="Username"
              hint="For the password grant, where it is on. Small letters, digits, dots, hyphens and underscores."
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={41}
              error={errorOf(state, "username")}
            />
          </CardBody>
          <div className="border-line border-t" />
          <CardBody>
            <div className="grid items-start gap-5 sm:grid-cols-2">
              <SelectField
                id="company"
                name="company"
                label="Company"
                hint="It sees what a member of this company sees."
                options={[
                  { value: "", label: "Choose a company" },
                  ...companies.map(({ id, name }) => ({ value: id, label: name })),
                ]}
                error={errorOf(state, "company")}
              />
              <SelectField
                id="scope"
                name="scope"
                label="Scope"
                hint="The most its tokens can do."
                options={scopes}
                error={errorOf(state, "scope")}
              />
            </div>
          </CardBody>
        </Card>
        <div className="grid grid-cols-1 gap-2.5 sm:flex sm:flex-row-reverse sm:justify-start">
          <SubmitButton variant="primary" pending={pending}>
            Create service account
          </SubmitButton>
          <Link href="/admin/service-accounts" className={buttonClass()}>
            Cancel
          </Link>
        </div>
      </KeepForm>
    </>
  );
}
