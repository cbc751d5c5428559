"use client";
/** The letters a person can choose from. */
import { useActionState } from "react";
import type { NoticeChoice } from "./notice-words";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { Card } from "./ui/card";
import { FormError } from "./ui/form-error";
import { KeepForm } from "./ui/keep-form";
import { SubmitButton } from "./ui/submit-button";
import { toast } from "./ui/toast";

interface NotificationFormProps {
  action: FormAction;
  choices: readonly NoticeChoice[];
}

export function NotificationForm({ action, choices }: NotificationFormProps) {
  const [state, submit, pending] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await action(before, form);
    if (after?.ok) toast("Notifications saved");
    return after;
  }, null);
  return (
    <KeepForm state={state} submit={submit} pending={pending} className="grid grid-cols-1 gap-5">
      <FormError text={errorOf(state, "form")} />
      <Card>
        <fieldset className="min-w-0 divide-y divide-line">
          <legend className="sr-only">Letters</legend>
          {choices.map((choice) => (
            <Choice key={choice.name} choice={choice} />
          ))}
        </fieldset>
      </Card>
      <p className="max-w-[68ch] text-faint text-sm">
        When you switch off letters about sign-ins, new tokens or rotated secrets, one last letter says so:
        nobody can silence them behind your back.
      </p>
      <div>
        <SubmitButton variant="primary" pending={pending}>
          Save
        </SubmitButton>
      </div>
    </KeepForm>
  );
}

/** A native check box; its row's whole face ticks it, its name is the title alone, its sentences the description. */
function Choice({ choice: { name, title, description, checked, always } }: { choice: NoticeChoice }) {
  return (
    <div className="relative flex gap-3.5 px-4 py-4 transition-colors first:rounded-t-lg last:rounded-b-lg hover:bg-sunk/60 has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:-outline-offset-2 sm:px-5">
      <input
        type="checkbox"
        id={`notice-${name}`}
        name="notice"
        value={name}
        defaultChecked={checked}
        disabled={always !== undefined}
        aria-describedby={`notice-${name}-description`}
        className="relative z-10 mt-[3px] size-4 shrink-0 accent-accent outline-none"
      />
      <div className="grid min-w-0 gap-0.5">
        <label htmlFor={`notice-${name}`} className="w-fit font-medium text-md after:absolute after:inset-0">
          {title}
        </label>
        <p id={`notice-${name}-description`} className="max-w-[68ch] text-md text-soft">
          {description} {always}
        </p>
      </div>
    </div>
  );
}
