"use client";
/** Changing an app's policy: another preset, or switch by switch; tried on the past before it refuses anything. */
import { ChevronDown } from "lucide";
import { startTransition, useActionState, useState } from "react";
import { DryRun, type DryRunResult } from "./dry-run";
import { PolicyField, type PresetChoice } from "./policy-field";
import { PolicySwitch, type SwitchFacts } from "./policy-switch";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { Button } from "./ui/button";
import { Icon } from "./ui/icon";
import { KeepForm } from "./ui/keep-form";
import { SubmitButton } from "./ui/submit-button";
import { toast } from "./ui/toast";

/** What the action says: a dry run, when nothing was saved. */
export interface PolicyAnswer {
  tried: DryRunResult | null;
}

interface PolicyFormProps {
  appId: string;
  preset: string;
  presets: readonly PresetChoice[];
  groups: readonly { title: string; fields: readonly SwitchFacts[] }[];
  days: { min: string; max: string };
  action: FormAction<PolicyAnswer>;
}

export function PolicyForm({ appId, preset, presets, groups, days, action }: PolicyFormProps) {
  const [chosen, setChosen] = useState(preset);
  const [touched, setTouched] = useState(false);
  const [state, submit, pending] = useActionState(
    async (before: ActionState<PolicyAnswer>, form: FormData) => {
      const after = await action(before, form);
      setTouched(false);
      if (after?.ok && !after.tried) toast("Policy saved");
      return after;
    },
    null,
  );
  const tried = state?.ok && !touched ? state.tried : null;
  const another = chosen !== preset;
  return (
    <KeepForm state={state} submit={submit} pending={pending} className="grid grid-cols-1 gap-5">
      {/* What was tried is no longer what the form says. */}
      <div className="grid grid-cols-1 gap-5" onChange={() => setTouched(true)}>
        <input type="hidden" name="app" value={appId} />
        <PolicyField
          presets={presets}
          value={chosen}
          onChange={setChosen}
          error={errorOf(state, "preset") ?? errorOf(state, "form")}
        />
        {another && <p className="text-md text-soft">Saving sets every switch to what this policy says.</p>}
        <details className="group rounded-md border border-line" hidden={another}>
          <summary className="flex list-none items-center justify-between gap-3 rounded-md px-3.5 py-2.5 font-medium text-md hover:bg-sunk [&::-webkit-details-marker]:hidden">
            Change switches
            <Icon of={ChevronDown} className="size-4 text-faint transition-transform group-open:rotate-180" />
          </summary>
          {groups.map(({ title, fields }, index) => (
            <fieldset
              key={title}
              aria-labelledby={`group-${index}`}
              className="grid min-w-0 grid-cols-1 gap-5 border-line border-t px-3.5 pt-4 pb-5"
            >
              <h3 id={`group-${index}`} className="font-semibold text-base">
                {title}
              </h3>
              {fields.map((facts) => (
                <PolicySwitch
                  key={`${facts.name} ${facts.value} ${facts.until}`}
                  facts={facts}
                  state={state}
                  days={days}
                />
              ))}
            </fieldset>
          ))}
        </details>
      </div>
      {tried && <DryRun result={tried} />}
      <div className="flex flex-wrap gap-2.5">
        <SubmitButton variant={tried?.refused ? "danger" : "primary"} pending={pending}>
          {tried?.refused ? "Save anyway" : "Save policy"}
        </SubmitButton>
        <Button
          disabled={pending}
          onClick={({ currentTarget: { form } }) => {
            if (!form) return;
            const data = new FormData(form);
            data.set("intent", "try");
            startTransition(() => submit(data));
          }}
        >
          Try it first
        </Button>
      </div>
    </KeepForm>
  );
}
