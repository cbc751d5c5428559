"use client";
/** Changing an app. */
import { useRouter } from "next/navigation";
import { useActionState } from "react";
import { type AppDraft, AppForm } from "./app-form";
import type { PresetChoice } from "./policy-field";
import type { ActionState, FormAction } from "./ui/action-state";
import type { Choice } from "./ui/check-boxes";
import { toast } from "./ui/toast";

interface EditAppProps {
  action: FormAction;
  draft: AppDraft;
  presets: readonly PresetChoice[];
  scopes: readonly Choice[];
  appId: string;
  submitLabel: string;
}

export function EditApp({ action, appId, draft, presets, scopes, submitLabel }: EditAppProps) {
  const router = useRouter();
  /** Shown when done or given up. */
  const href = `/settings/api-access/apps/${appId}`;
  const [state, submit, pending] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await action(before, form);
    if (after?.ok) {
      toast("Changes saved");
      router.push(href);
    }
    return after;
  }, null);
  return (
    <AppForm
      state={state}
      submit={submit}
      pending={pending}
      appId={appId}
      draft={draft}
      presets={presets}
      scopes={scopes}
      submitLabel={submitLabel}
      cancelHref={href}
    />
  );
}
