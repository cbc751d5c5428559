"use client";
/** The form that makes credentials of a company: a name, a scope, and what else its kind needs. */
import type { ReactNode } from "react";
import { type ActionState, errorOf } from "./ui/action-state";
import { Card, CardBody } from "./ui/card";
import { FormError } from "./ui/form-error";
import { FormFoot } from "./ui/form-foot";
import { KeepForm } from "./ui/keep-form";
import { SelectField } from "./ui/select-field";
import { TextField } from "./ui/text-field";

export interface ScopeOption {
  value: string;
  label: string;
  /** What it lets an integration do. */
  description: string;
}

interface CredentialFormProps {
  state: ActionState;
  submit: (form: FormData) => void;
  pending: boolean;
  company: { id: string; name: string };
  scopes: readonly ScopeOption[];
  submitLabel: string;
  cancelHref: string;
  /** Further fields. */
  children?: ReactNode;
}

export function CredentialForm({
  state,
  submit,
  pending,
  company,
  scopes,
  submitLabel,
  cancelHref,
  children,
}: CredentialFormProps) {
  const error = errorOf(state, "form");
  return (
    <KeepForm state={state} submit={submit} pending={pending} className="grid grid-cols-1 gap-5">
      <FormError text={error} />
      <input type="hidden" name="company" value={company.id} />
      <Card>
        <CardBody>
          <TextField
            id="name"
            name="name"
            label="Name"
            hint="What it is for, so that everybody in the company knows it later."
            placeholder="Nightly export"
            autoComplete="off"
            maxLength={60}
            error={errorOf(state, "name")}
          />
          <ScopeField scopes={scopes} error={errorOf(state, "scope")} />
          {children}
        </CardBody>
        <p className="border-line border-t px-4 py-3.5 text-md text-soft sm:px-5">
          Belongs to <strong className="font-medium text-ink">{company.name}</strong>, not to you. It reaches
          every project of the company, also those added later.
        </p>
      </Card>
      <FormFoot submitLabel={submitLabel} pending={pending} cancelHref={cancelHref} />
    </KeepForm>
  );
}

/** The least is proposed. Every choice's meaning stands below, so that nothing is hidden in the select. */
function ScopeField({ scopes, error }: { scopes: readonly ScopeOption[]; error?: string }) {
  return (
    <SelectField
      id="scope"
      name="scope"
      label="Scope"
      options={scopes}
      error={error}
      hint={scopes.map(({ label, description }) => `${label}: ${description}.`).join(" ")}
    />
  );
}
