/** One webhook endpoint: what it hears, its secret, and what was delivered to it. */
import { Send } from "lucide";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { z } from "zod";
import { DeliveryList } from "@/components/delivery-list";
import { ActionButton } from "@/components/ui/action-button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { Moment } from "@/components/ui/moment";
import { Note } from "@/components/ui/note";
import { Pagination } from "@/components/ui/pagination";
import { EditWebhook } from "@/components/webhook-form";
import { EndpointBadge } from "@/components/webhook-list";
import { WebhookSecret } from "@/components/webhook-secret";
import { eventChoices } from "@/components/webhook-words";
import { listDeliveries } from "@/lib/db/webhook-deliveries";
import { type EndpointRow, findEndpoint } from "@/lib/db/webhook-endpoints";
import { runtime } from "@/lib/server/runtime";
import { listHref, listQuery, type SearchParams } from "../../../../../list-query";
import { loadApp } from "../../load-app";
import { deleteOneEndpoint, rotateOneEndpoint, switchOneEndpoint, updateOneEndpoint } from "../actions";
import { resend, sendTest } from "./delivery-actions";

export const metadata: Metadata = { title: "Webhook endpoint" };

const endpointId = z.string().regex(/^[\w-]{1,64}$/);

interface EndpointPageProps {
  params: Promise<{ app: string; endpoint: string }>;
  searchParams: SearchParams;
}

export default async function EndpointPage({ params, searchParams }: EndpointPageProps) {
  const { app: appId, endpoint: id } = await params;
  const { user, app } = await loadApp(appId);
  const { db } = runtime();
  const actor = { actorId: user.id, appId: app.id };
  const parsed = endpointId.safeParse(id);
  const endpoint = parsed.success ? await findEndpoint(db, actor, parsed.data) : null;
  if (!endpoint) notFound();
  const { after } = await listQuery(searchParams);
  const { deliveries, next } = await listDeliveries(db, actor, endpoint.id, { after });
  const base = `/settings/api-access/apps/${app.id}/webhooks`;
  const path = `${base}/${endpoint.id}`;
  const fields = { app: app.id, endpoint: endpoint.id };
  const isOff = endpoint.status === "disabled";
  return (
    <div className="grid grid-cols-1 gap-5">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <Link href={base} className="rounded-sm text-sm text-soft hover:text-ink">
            ← All endpoints
          </Link>
          <h2 className="wrap-anywhere mt-1 flex flex-wrap items-center gap-x-2.5 gap-y-1 font-semibold text-lg">
            {endpoint.url} <EndpointBadge endpoint={endpoint} />
          </h2>
        </div>
        {isOff ? (
          <ActionButton
            action={switchOneEndpoint}
            fields={{ ...fields, status: "active" }}
            done="Endpoint is on"
          >
            Turn on
          </ActionButton>
        ) : (
          <ActionButton action={sendTest} fields={fields} done="Test event sent">
            Send test event
          </ActionButton>
        )}
      </div>
      <State endpoint={endpoint} />
      <section aria-labelledby="deliveries">
        <h3 id="deliveries" className="mb-3 font-semibold text-base">
          Deliveries
        </h3>
        {deliveries.length > 0 ? (
          <DeliveryList deliveries={deliveries} appId={app.id} resend={isOff ? null : resend} />
        ) : (
          <EmptyState
            icon={Send}
            heading="h3"
            title="Nothing was sent yet"
            text="What happens from now on is sent at once, and listed here for 30 days. Try it with a test event."
          />
        )}
        <Pagination start={after ? path : null} next={next && listHref(path, { after: next })} />
      </section>
      <Card>
        <CardHead title="Endpoint" />
        <EditWebhook
          fields={fields}
          action={updateOneEndpoint}
          events={eventChoices(endpoint.events)}
          url={endpoint.url}
        />
      </Card>
      <WebhookSecret fields={fields} action={rotateOneEndpoint}>
        {endpoint.oldSecretUntil && endpoint.oldSecretUntil > db.now() && (
          <CardBody>
            <Note>
              Requests are signed with the old secret, too. That ends{" "}
              <strong>
                <Moment at={endpoint.oldSecretUntil} />
              </strong>
              .
            </Note>
          </CardBody>
        )}
      </WebhookSecret>
      <Card>
        <div className="flex flex-wrap items-center justify-between gap-3 px-4 py-3.5 sm:px-5">
          <div>
            <h2 className="font-semibold text-base">{isOff ? "Delete" : "Turn off or delete"}</h2>
            <p className="text-faint text-sm">What happens while it is off is not sent later.</p>
          </div>
          <div className="flex flex-wrap gap-2">
            {!isOff && (
              <ConfirmDialog
                trigger="Turn off"
                title="Turn this endpoint off?"
                confirm="Turn off"
                action={switchOneEndpoint}
                fields={{ ...fields, status: "disabled" }}
                done="Endpoint is off"
              >
                <p>
                  Nothing is sent to <strong className="wrap-anywhere">{endpoint.url}</strong> until you turn
                  it on again. What waits to be sent is given up.
                </p>
              </ConfirmDialog>
            )}
            <ConfirmDialog
              trigger="Delete endpoint"
              title="Delete this endpoint?"
              confirm="Delete endpoint"
              action={deleteOneEndpoint}
              fields={fields}
              done="Endpoint deleted"
              then={base}
            >
              <p>
                Nothing more is sent to <strong className="wrap-anywhere">{endpoint.url}</strong>. Its signing
                secret and its deliveries are deleted, too.
              </p>
            </ConfirmDialog>
          </div>
        </div>
      </Card>
    </div>
  );
}

function State({ endpoint: { status, failingSince } }: { endpoint: EndpointRow }) {
  if (status === "disabled" && failingSince)
    return (
      <Note tone="bad">
        <strong>Turned off after it had failed for long.</strong> Its last good answer was before{" "}
        <Moment at={failingSince} style="date" />. Put it in order, then turn it on again.
      </Note>
    );
  if (status === "disabled") return <Note>This endpoint is off: nothing is sent to it.</Note>;
  if (failingSince)
    return (
      <Note tone="warn">
        <strong>It does not answer as it should</strong> since <Moment at={failingSince} />. What failed is
        tried again for about a day.
      </Note>
    );
  return null;
}
