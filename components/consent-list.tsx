/** Apps a person has allowed, each with what it may do and a way to stop it. */

import { scopes as catalogue } from "@/latchkey.config";
import type { ConsentRow } from "@/lib/db/consents";
import type { ReceiptRow } from "@/lib/db/receipts";
import { counted, logoSrc } from "./app-words";
import { ConsentReceipts } from "./consent-receipts";
import type { FormAction } from "./ui/action-state";
import { Badge } from "./ui/badge";
import { Card } from "./ui/card";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { Logo } from "./ui/logo";
import { Moment } from "./ui/moment";
import { UsedFrom } from "./used-from";

interface ConsentListProps {
  consents: readonly ConsentRow[];
  /** Of all approvals, newest first. */
  receipts: readonly ReceiptRow[];
  revoke: FormAction;
}

export function ConsentList({ consents, receipts, revoke }: ConsentListProps) {
  return (
    <ul className="grid gap-4">
      {consents.map((consent) => (
        <li key={consent.app.id}>
          <ConsentCard consent={consent} receipts={receipts} revoke={revoke} />
        </li>
      ))}
    </ul>
  );
}

interface ConsentCardProps extends Omit<ConsentListProps, "consents"> {
  consent: ConsentRow;
}

function ConsentCard({ consent, receipts, revoke }: ConsentCardProps) {
  const { app, approvals } = consent;
  return (
    <Card>
      <div className="flex flex-wrap items-start gap-x-3.5 gap-y-2 px-4 py-4 sm:px-5">
        <Logo name={app.name} src={logoSrc(app.logoId)} size="lg" />
        <div className="min-w-0 flex-1 basis-48">
          <h3 id={`consent-${app.id}`} className="font-semibold">
            {app.name}
          </h3>
          <p className="text-faint text-sm">Made by {app.ownerName}</p>
          <p className="text-faint text-sm">
            <Usage consent={consent} />
          </p>
        </div>
        <div className="-ml-2.5 sm:ml-0">
          <ConfirmDialog
            trigger="Revoke access"
            triggerDescribedBy={`consent-${app.id}`}
            title={`Revoke access of ${app.name}?`}
            confirm="Revoke access"
            action={revoke}
            fields={{ app: app.id }}
            done={`${app.name} no longer has access`}
          >
            <p>
              <Loss consent={consent} />
              {consent.lastUsedAt && (
                <>
                  ; it last reached your data{" "}
                  <strong>
                    <Moment at={consent.lastUsedAt} />
                  </strong>
                </>
              )}
              . What it made or copied before stays.
            </p>
            <p>To use it again you will be asked again.</p>
          </ConfirmDialog>
        </div>
      </div>
      <ul className="border-line border-t">
        {approvals.map((approval) => (
          <li
            key={approval.id}
            className="grid gap-x-6 gap-y-2 border-line px-4 py-3.5 not-first:border-t sm:grid-cols-[minmax(0,1fr)_auto] sm:px-5"
          >
            <div className="min-w-0">
              <ul className="flex flex-wrap gap-1.5">
                {approval.scopes.map((scope) => (
                  <li key={scope}>
                    <Badge>{titleOf(scope)}</Badge>
                  </li>
                ))}
              </ul>
            </div>
            <p className="text-faint text-sm sm:text-right">
              {approval.company && (
                <>
                  as <span className="font-medium text-soft">{approval.company}</span> ·{" "}
                </>
              )}
              on {approval.redirectHost} · allowed <Moment at={approval.createdAt} style="date" />
            </p>
            <ConsentReceipts receipts={receipts.filter(({ consentId }) => consentId === approval.id)} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** What stops when the approval is taken back. */
function Loss({ consent: { app, liveTokens, renewals } }: { consent: ConsentRow }) {
  const renews = renewals > 0;
  if (liveTokens === 0)
    return renews ? (
      <>{app.name} holds no working token now, and can no longer renew its access</>
    ) : (
      <>{app.name} holds no working token now</>
    );
  return (
    <>
      <strong>{counted(liveTokens, "token")}</strong> of {app.name} {liveTokens === 1 ? "stops" : "stop"}{" "}
      working with the next request{renews && ", and it can no longer renew its access"}
    </>
  );
}

function Usage({ consent }: { consent: ConsentRow }) {
  const { firstUsedAt, lastUsedAt, lastUsedAddress, lastUsedAgent } = consent;
  const hold = holding(consent);
  if (!lastUsedAt) return <>Never used · {hold}</>;
  return (
    <>
      {firstUsedAt && (
        <>
          First used <Moment at={firstUsedAt} style="date" /> ·{" "}
        </>
      )}
      Last used <Moment at={lastUsedAt} />
      <UsedFrom address={lastUsedAddress} agent={lastUsedAgent} /> · {hold}
    </>
  );
}

/** An app without a working token may still hold what brings it a new one. */
function holding({ app, liveTokens, renewals }: ConsentRow): string {
  if (app.status === "suspended" || app.status === "refused") return "Stopped by an administrator";
  const tokens = liveTokens > 0 ? counted(liveTokens, "working token") : "No working token";
  return renewals > 0 ? `${tokens}, can renew its access` : tokens;
}

/** A scope that has left the catalogue keeps its name. */
function titleOf(scope: string): string {
  const entry = Object.entries(catalogue).find(([name]) => name === scope);
  return entry ? entry[1].title : scope;
}
