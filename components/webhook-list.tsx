/** An app's webhook endpoints. */
import { ChevronRight } from "lucide";
import Link from "next/link";
import type { EndpointRow } from "@/lib/db/webhook-endpoints";
import { Badge } from "./ui/badge";
import { Card } from "./ui/card";
import { Icon } from "./ui/icon";

export function WebhookList({ base, endpoints }: { base: string; endpoints: readonly EndpointRow[] }) {
  return (
    <Card>
      <ul>
        {endpoints.map((endpoint) => (
          <li
            key={endpoint.id}
            className="relative flex items-center gap-3 border-line px-4 py-3.5 not-first:border-t hover:bg-sunk/60 has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:-outline-offset-2 sm:px-5"
          >
            <div className="grid min-w-0 flex-1 gap-1">
              <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
                <Link
                  href={`${base}/${endpoint.id}`}
                  className="wrap-anywhere min-w-0 font-medium text-md outline-none after:absolute after:inset-0"
                >
                  {endpoint.url}
                </Link>
                <EndpointBadge endpoint={endpoint} />
              </p>
              <p className="wrap-anywhere font-mono text-faint text-xs">{endpoint.events.join(" · ")}</p>
            </div>
            <Icon of={ChevronRight} className="size-4 shrink-0 text-faint" />
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function EndpointBadge({ endpoint: { status, failingSince } }: { endpoint: EndpointRow }) {
  if (status === "disabled") return <Badge tone={failingSince ? "bad" : "plain"}>Off</Badge>;
  return failingSince ? <Badge tone="warn">Failing</Badge> : <Badge tone="good">Active</Badge>;
}
