"use client";
/** Changing an app's preset. */
import { useActionState } from "react";
import { PolicyField, type PresetChoice } from "./policy-field";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { KeepForm } from "./ui/keep-form";
import { SubmitButton } from "./ui/submit-button";
import { toast } from "./ui/toast";

interface PolicyFormProps {
  appId: string;
  preset: string;
  presets: readonly PresetChoice[];
  action: FormAction;
}

export function PolicyForm({ appId, preset, presets, action }: PolicyFormProps) {
  const [state, submit, pending] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await action(before, form);
    if (after?.ok) toast("Policy saved");
    return after;
  }, null);
  return (
    <KeepForm state={state} submit={submit} pending={pending} className="grid gap-4">
      <input type="hidden" name="app" value={appId} />
      <PolicyField
        presets={presets}
        defaultValue={preset}
        error={errorOf(state, "preset") ?? errorOf(state, "form")}
      />
      <div>
        <SubmitButton variant="primary" pending={pending}>
          Save policy
        </SubmitButton>
      </div>
    </KeepForm>
  );
}
