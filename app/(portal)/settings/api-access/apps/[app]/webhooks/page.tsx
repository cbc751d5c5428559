/** Where an app's server hears of what happens to what it was given. */
import { Webhook } from "lucide";
import type { Metadata } from "next";
import Link from "next/link";
import { ListHead } from "@/components/list-head";
import { buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { WebhookList } from "@/components/webhook-list";
import { ENDPOINT_LIMIT, listEndpoints } from "@/lib/db/webhook-endpoints";
import { runtime } from "@/lib/server/runtime";
import { type AppParams, loadApp } from "../load-app";

export const metadata: Metadata = { title: "Webhooks" };

export default async function WebhooksPage({ params }: AppParams) {
  const { user, app } = await loadApp((await params).app);
  const endpoints = await listEndpoints(runtime().db, { actorId: user.id, appId: app.id });
  const base = `/settings/api-access/apps/${app.id}/webhooks`;
  const add = (
    <Link href={`${base}/new`} className={buttonClass({ variant: "primary" })}>
      Add endpoint
    </Link>
  );
  const isFull = endpoints.length >= ENDPOINT_LIMIT;
  return (
    <section aria-labelledby="webhooks">
      <ListHead
        id="webhooks"
        title="Webhooks"
        text={
          isFull
            ? `An app has ${ENDPOINT_LIMIT} endpoints at most. Delete one to add another.`
            : "Signed requests to your server when access is taken back, a secret is about to end, or the app is suspended."
        }
        aside={endpoints.length > 0 && !isFull && add}
      />
      {endpoints.length > 0 ? (
        <WebhookList base={base} endpoints={endpoints} />
      ) : (
        <EmptyState
          icon={Webhook}
          title="No endpoints yet"
          text="Without one, your server learns from the next refused request that a person has taken access back."
          action={add}
        />
      )}
    </section>
  );
}
