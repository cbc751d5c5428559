/** What was sent to an endpoint, and what it answered. */
import { ChevronDown } from "lucide";
import type { ReactNode } from "react";
import type { DeliveryRow } from "@/lib/db/webhook-deliveries";
import { ActionButton } from "./ui/action-button";
import type { FormAction } from "./ui/action-state";
import { Badge, type Tone } from "./ui/badge";
import { Card } from "./ui/card";
import { CodeBlock } from "./ui/code-block";
import { Icon } from "./ui/icon";
import { Moment } from "./ui/moment";

interface DeliveryListProps {
  deliveries: readonly DeliveryRow[];
  appId: string;
  /** Null while the endpoint is off. */
  resend: FormAction | null;
}

const states: Record<DeliveryRow["status"], { label: string; tone: Tone }> = {
  pending: { label: "Pending", tone: "plain" },
  delivered: { label: "Delivered", tone: "good" },
  failed: { label: "Failed", tone: "bad" },
};

export function DeliveryList({ deliveries, appId, resend }: DeliveryListProps) {
  return (
    <Card>
      <ul>
        {deliveries.map((delivery) => (
          <li key={delivery.id} className="border-line not-first:border-t">
            <Delivery delivery={delivery} appId={appId} resend={resend} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Delivery({
  delivery,
  appId,
  resend,
}: { delivery: DeliveryRow } & Omit<DeliveryListProps, "deliveries">) {
  const { id, type, status, attempts, nextAt, payload, answer } = delivery;
  const isRetried = status === "pending" && attempts > 0;
  const { label, tone } = isRetried ? ({ label: "Retrying", tone: "warn" } as const) : states[status];
  return (
    <details className="group">
      <summary className="grid list-none grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 px-4 py-3 hover:bg-sunk/60 sm:px-5 [&::-webkit-details-marker]:hidden">
        <span className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">
          <code className="font-mono text-sm">{type}</code>
          <Badge tone={tone}>{label}</Badge>
          <span className="text-faint text-sm">{outcome(delivery)}</span>
        </span>
        <span className="flex items-center gap-2 text-faint text-sm">
          <Moment at={delivery.createdAt} />
          <Icon of={ChevronDown} className="size-4 transition-transform group-open:rotate-180" />
        </span>
      </summary>
      <div className="grid grid-cols-1 gap-4 px-4 pt-1 pb-4 sm:px-5">
        <dl className="overflow-hidden rounded-md border border-line text-sm">
          <Pair name="webhook-id">{id}</Pair>
          <Pair name="Attempts">{attempts}</Pair>
          {delivery.triedAt && (
            <Pair name="Last attempt">
              <Moment at={delivery.triedAt} />
            </Pair>
          )}
          {nextAt && isRetried && (
            <Pair name="Next attempt">
              <Moment at={nextAt} />
            </Pair>
          )}
        </dl>
        <Part title="Request">
          <CodeBlock code={indented(payload)} label="Request" />
        </Part>
        {answer !== null && (
          <Part title={`Answer, ${delivery.statusCode}`}>
            {answer === "" ? (
              <p className="text-faint text-sm">It was empty.</p>
            ) : (
              <CodeBlock code={`${answer}\n`} label="Answer" />
            )}
          </Part>
        )}
        {resend && status !== "pending" && (
          <ActionButton action={resend} fields={{ app: appId, delivery: id }} done="Sent again">
            Resend
          </ActionButton>
        )}
      </div>
    </details>
  );
}

/** "200 in 34 ms", or why there was no answer. */
function outcome({ statusCode, latencyMs, problem }: DeliveryRow): string {
  if (problem !== null) return problem;
  return statusCode === null ? "" : `${statusCode} in ${latencyMs} ms`;
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-1 gap-1.5">
      <p className="font-medium text-sm text-soft">{title}</p>
      {children}
    </div>
  );
}

function Pair({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 border-line bg-sunk/50 px-3 py-2 not-first:border-t sm:grid-cols-[11rem_minmax(0,1fr)]">
      <dt className="text-faint">{name}</dt>
      <dd className="wrap-anywhere min-w-0 font-mono text-[0.8125rem]">{children}</dd>
    </div>
  );
}

function indented(payload: string): string {
  return JSON.stringify(JSON.parse(payload), null, 2);
}
