"use client";
/** Adding a webhook endpoint, and its signing secret right after. */
import { useActionState } from "react";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { Card, CardBody } from "./ui/card";
import type { Choice } from "./ui/check-boxes";
import { FormError } from "./ui/form-error";
import { FormFoot } from "./ui/form-foot";
import { KeepForm } from "./ui/keep-form";
import { ReadyHead } from "./ui/ready-head";
import { EndpointFields } from "./webhook-form";
import { WebhookSecretOnce } from "./webhook-secret";

/** What the action made; the secret is in here and nowhere else. */
export interface CreatedWebhook {
  id: string;
  secret: string;
}

interface CreateWebhookProps {
  appId: string;
  action: FormAction<CreatedWebhook>;
  events: readonly Choice[];
}

/** The action goes into the form as it is, so that the form works without JavaScript. */
export function CreateWebhook({ appId, action, events }: CreateWebhookProps) {
  const [state, submit, pending] = useActionState(action, null);
  const base = `/settings/api-access/apps/${appId}/webhooks`;
  if (state?.ok) return <WebhookReady base={base} made={state} />;
  return (
    <KeepForm state={state} submit={submit} pending={pending} className="grid grid-cols-1 gap-5">
      <h2 className="font-semibold text-lg">Add endpoint</h2>
      <input type="hidden" name="app" value={appId} />
      <FormError text={errorOf(state, "form")} />
      <Card>
        <CardBody>
          <EndpointFields state={state} url="" events={events} />
        </CardBody>
      </Card>
      <FormFoot submitLabel="Add endpoint" pending={pending} cancelHref={base} />
    </KeepForm>
  );
}

function WebhookReady({
  base,
  made,
}: {
  base: string;
  made: Extract<ActionState<CreatedWebhook>, { ok: true }>;
}) {
  return (
    <div className="grid grid-cols-1 gap-5">
      <ReadyHead name="The endpoint" href={`${base}/${made.id}`} label="Go to the endpoint" level="h2" />
      <Card tone="accent">
        <CardBody>
          <WebhookSecretOnce secret={made.secret} />
        </CardBody>
      </Card>
    </div>
  );
}
