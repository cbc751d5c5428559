/** Credentials that stopped because they were reported: what they are, where they were found, and the two decisions. */
import type { QuarantinedRow } from "@/lib/db/quarantine";
import type { FormAction } from "./ui/action-state";
import { Badge } from "./ui/badge";
import { Card } from "./ui/card";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { Moment } from "./ui/moment";

interface QuarantineListProps {
  credentials: readonly QuarantinedRow[];
  restore: FormAction;
  end: FormAction;
}

const words: Record<string, string> = {
  access: "Access token",
  personal: "Personal token",
  legacy: "Legacy token",
  secret: "Client secret",
};

export function QuarantineList({ credentials, restore, end }: QuarantineListProps) {
  return (
    <ul className="grid gap-4">
      {credentials.map((credential) => (
        <li key={credential.id}>
          <Quarantined credential={credential} restore={restore} end={end} />
        </li>
      ))}
    </ul>
  );
}

type QuarantinedProps = Omit<QuarantineListProps, "credentials"> & { credential: QuarantinedRow };

function Quarantined({ credential, restore, end }: QuarantinedProps) {
  const { id, kind, last4, name, app, company, source, at } = credential;
  const title = name ?? words[kind] ?? kind;
  const describedBy = `credential-${id}`;
  return (
    <Card>
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3 px-4 py-4 sm:px-5">
        <div className="min-w-0 flex-1 basis-64">
          <h2 id={describedBy} className="flex flex-wrap items-center gap-2 font-semibold">
            <span className="break-words">{title}</span>
            <code className="font-mono font-normal text-sm text-soft">…{last4}</code>
            <Badge tone="bad">Stopped</Badge>
          </h2>
          <p className="text-faint text-sm">
            {name !== null && `${words[kind] ?? kind} · `}
            {app && `${app.name} · `}
            {company && `${company.name} · `}
            reported <Moment at={at} />
          </p>
          {source && (
            <p className="mt-1.5 text-md text-soft">
              Where it was found: <span className="wrap-anywhere text-ink">{source}</span>
            </p>
          )}
        </div>
        <div className="-ml-2.5 flex flex-wrap gap-1 sm:ml-0">
          <ConfirmDialog
            trigger="Let it work again"
            triggerDescribedBy={describedBy}
            title={`Let ${title} work again?`}
            confirm="Let it work again"
            action={restore}
            fields={{ credential: id }}
            done={`${title} works again`}
            harmless
          >
            <p>
              Somebody else had it in their hands. Only do this when you know that the report is wrong, or
              that nobody can have kept it.
            </p>
          </ConfirmDialog>
          <ConfirmDialog
            trigger="Revoke"
            triggerDescribedBy={describedBy}
            title={`Revoke ${title} for good?`}
            confirm="Revoke"
            action={end}
            fields={{ credential: id }}
            done={`${title} is revoked`}
          >
            <p>It works no longer already, and never will again.</p>
          </ConfirmDialog>
        </div>
      </div>
    </Card>
  );
}
