"use client";
/** Making an app, and its credentials right after. */
import { lazy, Suspense, useActionState } from "react";
import { type AppDraft, AppForm } from "./app-form";
import type { PresetChoice } from "./policy-field";
import type { ActionState, FormAction } from "./ui/action-state";

const load = () => import("./app-ready");
const AppReady = lazy(load);

/** What the action made; the secret is in here and nowhere else. */
export interface CreatedApp {
  id: string;
  name: string;
  secret: string | null;
  redirectUri: string;
  pkce: boolean;
}

interface CreateAppProps {
  action: FormAction<CreatedApp>;
  presets: readonly PresetChoice[];
  issuer: string;
}

const draft: AppDraft = {
  name: "",
  redirect: { match: "exact", uris: [] },
  preset: "standard",
  logoId: null,
};

export function CreateApp({ action, presets, issuer }: CreateAppProps) {
  const [state, submit, pending] = useActionState(async (before: ActionState<CreatedApp>, form: FormData) => {
    // First what shows the secret, then the secret: it is said once and must not meet a failed download.
    await load();
    return action(before, form);
  }, null);
  if (state?.ok) {
    return (
      <Suspense>
        <AppReady app={state} issuer={issuer} />
      </Suspense>
    );
  }
  return (
    <>
      <h1 className="mb-5 font-semibold text-2xl">Create app</h1>
      <AppForm
        state={state}
        submit={submit}
        pending={pending}
        draft={draft}
        presets={presets}
        submitLabel="Create app"
        cancelHref="/settings/api-access/apps"
      />
    </>
  );
}
