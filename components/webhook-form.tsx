"use client";
/** The form of a webhook endpoint that is there. */
import { useActionState } from "react";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { CardBody } from "./ui/card";
import { CheckBoxes, type Choice } from "./ui/check-boxes";
import { FormError } from "./ui/form-error";
import { KeepForm } from "./ui/keep-form";
import { SubmitButton } from "./ui/submit-button";
import { TextField } from "./ui/text-field";
import { toast } from "./ui/toast";

interface EditWebhookProps {
  /** Sent along with the form. */
  fields: Record<string, string>;
  action: FormAction;
  events: readonly Choice[];
  url: string;
}

export function EditWebhook({ fields, action, events, url }: EditWebhookProps) {
  const [state, submit, pending] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await action(before, form);
    if (after?.ok) toast("Endpoint saved");
    return after;
  }, null);
  return (
    <KeepForm state={state} submit={submit} pending={pending} className="grid grid-cols-1 gap-5">
      <CardBody>
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <FormError text={errorOf(state, "form")} />
        <EndpointFields state={state} url={url} events={events} />
        <div>
          <SubmitButton variant="primary" pending={pending}>
            Save
          </SubmitButton>
        </div>
      </CardBody>
    </KeepForm>
  );
}

interface EndpointFieldsProps {
  state: ActionState;
  url: string;
  events: readonly Choice[];
}

/** What an endpoint is: where, and what for. */
export function EndpointFields({ state, url, events }: EndpointFieldsProps) {
  return (
    <>
      <TextField
        id="url"
        name="url"
        type="url"
        inputMode="url"
        label="Endpoint URL"
        hint="On the public internet, with https. It gets a POST and answers 2xx within 10 seconds."
        placeholder="https://example.com/webhooks"
        autoComplete="off"
        spellCheck={false}
        maxLength={1000}
        defaultValue={url}
        error={errorOf(state, "url")}
      />
      <CheckBoxes field="event" legend="Events" choices={events} error={errorOf(state, "events")} />
    </>
  );
}
