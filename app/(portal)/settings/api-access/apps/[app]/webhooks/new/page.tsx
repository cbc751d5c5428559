/** Adding a webhook endpoint to an app. */
import type { Metadata } from "next";
import { CreateWebhook } from "@/components/create-webhook";
import { eventChoices } from "@/components/webhook-words";
import { type AppParams, loadApp } from "../../load-app";
import { createOneEndpoint } from "../actions";

export const metadata: Metadata = { title: "Add endpoint" };

export default async function NewWebhookPage({ params }: AppParams) {
  const { app } = await loadApp((await params).app);
  return (
    <div className="max-w-[44rem]">
      <CreateWebhook appId={app.id} action={createOneEndpoint} events={eventChoices()} />
    </div>
  );
}
