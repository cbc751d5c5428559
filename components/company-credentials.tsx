/** A company's OAuth credentials and legacy tokens in one table, each with a way to end it. */
import Link from "next/link";
import { brand } from "@/latchkey.config";
import type { CredentialRow } from "@/lib/db/credentials";
import { scopesInWords } from "@/lib/server/credential-form";
import { LastUse } from "./last-use";
import type { FormAction } from "./ui/action-state";
import { Badge } from "./ui/badge";
import { Card } from "./ui/card";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { Moment } from "./ui/moment";
import { ActionCell, Cell, HeadCell, Row, Table } from "./ui/table";

interface CompanyCredentialsProps {
  company: string;
  credentials: readonly CredentialRow[];
  revoke: FormAction;
}

export function CompanyCredentials({ company, credentials, revoke }: CompanyCredentialsProps) {
  return (
    <Card>
      <Table
        caption={`API credentials of ${company}`}
        columns={["Name", "Scope", "Created", "Last used", "Expires"]}
        actions="Revoke"
      >
        {credentials.map((credential) => (
          <CredentialLine key={credential.id} credential={credential} revoke={revoke} />
        ))}
      </Table>
    </Card>
  );
}

function CredentialLine({ credential, revoke }: { credential: CredentialRow; revoke: FormAction }) {
  const { id, kind, name, scopes, createdAt, createdBy, expiresAt } = credential;
  const label = `credential-${id}`;
  return (
    <Row>
      <HeadCell id={label}>
        <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          {kind === "oauth" ? (
            <Link href={`/company/api/${id}`} className="wrap-anywhere font-medium hover:underline">
              {name}
            </Link>
          ) : (
            <span className="wrap-anywhere font-medium">{name}</span>
          )}
          {kind === "legacy" && (
            <Badge tone="warn" title="Still supported, not recommended for new integrations">
              Legacy token
            </Badge>
          )}
          {!credential.works && (
            <Badge tone="bad" title="Every secret has ended; rotate to make one">
              No secret
            </Badge>
          )}
        </span>
        <code className="block font-mono text-faint text-xs leading-5">{visibleId(credential)}</code>
      </HeadCell>
      <Cell label="Scope">
        <Badge>{scopesInWords(scopes)}</Badge>
      </Cell>
      <Cell label="Created">
        <span>
          <Moment at={createdAt} style="date" />
          <span className="block text-faint text-sm">by {createdBy ?? "a former member"}</span>
        </span>
      </Cell>
      <Cell label="Last used" className="text-soft">
        <LastUse of={credential} />
      </Cell>
      <Cell label="Expires">
        <Expiry at={expiresAt} />
      </Cell>
      <ActionCell>
        <ConfirmDialog
          trigger="Revoke"
          triggerDescribedBy={label}
          title={`Revoke ${name}?`}
          confirm="Revoke"
          action={revoke}
          fields={{ kind, id }}
          done={`${name} is revoked`}
        >
          <WhatEnds credential={credential} />
        </ConfirmDialog>
      </ActionCell>
    </Row>
  );
}

/** What a person recognises it by: the client ID, or a legacy token's last characters. */
function visibleId({ id, last4 }: CredentialRow): string {
  return last4 === null ? id : `${brand.credentialPrefix}lt_…${last4}`;
}

/** For the question before it is revoked; the list and the page of OAuth credentials say it alike. */
export function WhatEnds({ credential }: { credential: Pick<CredentialRow, "kind" | "lastUsedAt"> }) {
  const { kind, lastUsedAt } = credential;
  return (
    <>
      <p>
        {kind === "oauth"
          ? "Its secrets and every access token from it stop working with the next request."
          : "The token stops working with the next request."}{" "}
        {lastUsedAt ? (
          <>
            It was last used{" "}
            <strong>
              <Moment at={lastUsedAt} />
            </strong>
            .
          </>
        ) : (
          "It has not been used yet."
        )}
      </p>
      <p>This cannot be undone.</p>
    </>
  );
}

const soonMs = 7 * 24 * 60 * 60 * 1000;

/** OAuth credentials stay until somebody revokes them; what ends within a week says so, as among personal tokens. */
function Expiry({ at }: { at: Date | null }) {
  if (!at) return <span className="text-soft">Never</span>;
  const isSoon = at.getTime() - Date.now() < soonMs;
  return (
    <Badge tone={isSoon ? "warn" : "plain"}>
      {isSoon && "Expires soon, "}
      <Moment at={at} />
    </Badge>
  );
}
