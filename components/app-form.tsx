"use client";
/** The form that makes or changes an app. */
import { useState } from "react";
import type { AppSummary } from "@/lib/db/apps";
import { typeWords } from "./app-words";
import { LogoField } from "./logo-field";
import { PolicyField, type PresetChoice } from "./policy-field";
import { RedirectFields } from "./redirect-fields";
import { PurposeField } from "./registration-purpose";
import { type ActionState, errorOf } from "./ui/action-state";
import { Card, CardBody } from "./ui/card";
import { CheckBoxes, type Choice } from "./ui/check-boxes";
import { FormError } from "./ui/form-error";
import { FormFoot } from "./ui/form-foot";
import { KeepForm } from "./ui/keep-form";
import { RadioCards } from "./ui/radio-cards";
import { TextField } from "./ui/text-field";

/** What the form shows before it is touched. */
export interface AppDraft {
  name: string;
  redirect: AppSummary["redirect"];
  preset: string;
  logoId: string | null;
  /** What it is for; absent where nobody asks. */
  purpose?: string;
}

interface AppFormProps {
  state: ActionState;
  submit: (form: FormData) => void;
  pending: boolean;
  /** Absent for a new app. The type is chosen once: a change would strand secrets that are in use. */
  appId?: string;
  /** The company a new app is to belong to; absent for the person's own. */
  company?: string;
  draft: AppDraft;
  presets: readonly PresetChoice[];
  scopes: readonly Choice[];
  submitLabel: string;
  cancelHref: string;
}

export function AppForm({
  state,
  submit,
  pending,
  appId,
  company,
  draft,
  presets,
  scopes,
  submitLabel,
  cancelHref,
}: AppFormProps) {
  const [name, setName] = useState(draft.name);
  const problem = errorOf(state, "form");
  const [preset, setPreset] = useState(draft.preset);
  const redirects = presets.find(({ value }) => value === preset)?.redirects ?? "many";
  return (
    <KeepForm state={state} submit={submit} pending={pending} className="grid grid-cols-1 gap-5">
      {appId && <input type="hidden" name="app" value={appId} />}
      {company && <input type="hidden" name="company" value={company} />}
      <Card>
        <CardBody>
          <TextField
            id="name"
            name="name"
            label="App name"
            hint="People see it when they are asked to allow the app."
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="off"
            maxLength={60}
            error={errorOf(state, "name")}
          />
          <LogoField name={name.trim()} logoId={draft.logoId} error={errorOf(state, "logo")} />
          {draft.purpose !== undefined && (
            <PurposeField purpose={draft.purpose} error={errorOf(state, "purpose")} />
          )}
          {!appId && <TypeField error={errorOf(state, "type")} />}
        </CardBody>
        <div className="border-line border-t" />
        <CardBody>
          <RedirectFields state={state} redirect={draft.redirect} needed={redirects} />
        </CardBody>
        <div className="border-line border-t" />
        <CardBody>
          <CheckBoxes field="scope" legend="Scopes" choices={scopes} error={errorOf(state, "scopes")} />
        </CardBody>
        <div className="border-line border-t" />
        <CardBody>
          <PolicyField
            presets={presets}
            value={preset}
            onChange={setPreset}
            error={errorOf(state, "preset")}
          />
        </CardBody>
      </Card>
      <FormError text={problem} />
      <FormFoot submitLabel={submitLabel} pending={pending} cancelHref={cancelHref} />
    </KeepForm>
  );
}

function TypeField({ error }: { error?: string }) {
  return (
    <RadioCards
      id="type"
      name="type"
      legend="App type"
      defaultValue="confidential"
      error={error}
      cards={[
        {
          value: "confidential",
          label: typeWords.confidential.label,
          description: typeWords.confidential.meaning,
        },
        { value: "public", label: typeWords.public.label, description: typeWords.public.meaning },
      ]}
    />
  );
}
