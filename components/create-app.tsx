"use client";
/** Making an app, and its credentials right after. */
import { lazy, Suspense, useActionState } from "react";
import { type AppDraft, AppForm } from "./app-form";
import { AppInstructions } from "./app-instructions";
import type { PresetChoice } from "./policy-field";
import type { QuickstartProps } from "./quickstart";
import { RequestHead } from "./registration-note";
import type { ActionState, FormAction } from "./ui/action-state";
import type { Choice } from "./ui/check-boxes";

const load = () => import("./app-ready");
const AppReady = lazy(load);

/** What the action made; the secret is in here and nowhere else. */
export interface CreatedApp {
  id: string;
  name: string;
  secret: string | null;
  quickstart: QuickstartProps;
  /** Does it wait for an administrator? */
  waits: boolean;
}

interface CreateAppProps {
  action: FormAction<CreatedApp>;
  presets: readonly PresetChoice[];
  scopes: readonly Choice[];
  /** Is an administrator to approve it? */
  byApproval: boolean;
  /** Whom it is to belong to; absent for the person's own. */
  company?: { id: string; name: string };
}

const draft: AppDraft = {
  name: "",
  redirect: { match: "exact", uris: [] },
  preset: "standard",
  logoId: null,
};

export function CreateApp({ action, presets, scopes, byApproval, company }: CreateAppProps) {
  const [state, submit, pending] = useActionState(async (before: ActionState<CreatedApp>, form: FormData) => {
    // First what shows the secret, then the secret: it is said once and must not meet a failed download.
    await load();
    return action(before, form);
  }, null);
  if (state?.ok) {
    return (
      <Suspense>
        <AppReady app={state} />
      </Suspense>
    );
  }
  return (
    <>
      {byApproval ? <RequestHead /> : <h1 className="mb-2 font-semibold text-2xl">Create app</h1>}
      {company && (
        <p className="-mt-1 mb-4 text-soft">
          It belongs to <strong className="font-medium text-ink">{company.name}</strong>, whoever comes and
          goes.
        </p>
      )}
      <AppInstructions />
      <AppForm
        state={state}
        submit={submit}
        pending={pending}
        draft={byApproval ? { ...draft, purpose: "" } : draft}
        presets={presets}
        scopes={scopes}
        submitLabel="Create app"
        cancelHref={company ? "/company/apps" : "/settings/api-access/apps"}
        company={company?.id}
      />
    </>
  );
}
