/** Every credential of the installation, each with whose it is and a way to end it. */
import Link from "next/link";
import { type TokenFilters, tokensHref } from "@/app/(admin)/admin/tokens/filters";
import type { InventoryRow } from "@/lib/db/inventory-row";
import { startOfCredential } from "@/lib/server/credential-search";
import { kindWords, standstillWords, stateInWords } from "./inventory-words";
import { LastUse } from "./last-use";
import { ScopeChips } from "./scope-chips";
import type { FormAction } from "./ui/action-state";
import { Badge } from "./ui/badge";
import { Card } from "./ui/card";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { Moment } from "./ui/moment";
import { ActionCell, Cell, HeadCell, Row, Table } from "./ui/table";

interface InventoryTableProps {
  credentials: readonly InventoryRow[];
  chosen: TokenFilters;
  revoke: FormAction;
}

export function InventoryTable({ credentials, chosen, revoke }: InventoryTableProps) {
  const isEnded = chosen.show === "ended";
  return (
    <Card>
      <Table
        caption={isEnded ? "Credentials that have ended" : "Credentials"}
        columns={["Credential", "Whose", "Scopes", "Created", "Last used", isEnded ? "Ended" : "Expires"]}
        actions={isEnded ? undefined : "Revoke"}
      >
        {credentials.map((row) => (
          <Line key={`${row.kind}-${row.key}`} row={row} chosen={chosen} revoke={revoke} />
        ))}
      </Table>
    </Card>
  );
}

function Line({ row, chosen, revoke }: { row: InventoryRow } & Omit<InventoryTableProps, "credentials">) {
  const { kind, key, last4, name, standstill, createdAt, ended } = row;
  const start = startOfCredential(kind, last4);
  const label = `credential-${key}`;
  return (
    <Row>
      <HeadCell id={label}>
        <span className="block wrap-anywhere font-medium">{name ?? kindWords[kind]}</span>
        <span className="block text-faint text-sm">
          <code className="font-mono text-xs">{start}</code>
          {name && <> · {kindWords[kind]}</>}
        </span>
        {standstill && <Badge tone="warn">{standstillWords[standstill]}</Badge>}
      </HeadCell>
      <Cell label="Whose" className="wrap-anywhere text-sm md:min-w-36">
        <Whose row={row} chosen={chosen} />
      </Cell>
      <Cell label="Scopes">
        <ScopeChips scopes={row.scopes} />
      </Cell>
      <Cell label="Created" className="text-soft">
        <Moment at={createdAt} />
      </Cell>
      <Cell label="Last used" className="text-soft">
        <LastUse of={row} />
      </Cell>
      <Cell label={ended ? "Ended" : "Expires"} className="text-soft">
        {ended ? stateInWords(row, new Date()) : <Expiry row={row} />}
      </Cell>
      {!ended && (
        <ActionCell>
          <ConfirmDialog
            trigger="Revoke"
            triggerDescribedBy={label}
            title={`Revoke ${name ?? `this ${kindWords[kind].toLowerCase()}`}?`}
            confirm="Revoke"
            action={revoke}
            fields={{ kind, key }}
            done="Revoked"
          >
            <p>
              <code className="font-mono text-sm">{start}</code> stops working with the next request
              {kind === "refresh" && ", and so do the access tokens that came with it"}
              {kind === "secret" && "; tokens that are bound to it end as well, others live on"}. This cannot
              be undone.
            </p>
          </ConfirmDialog>
        </ActionCell>
      )}
    </Row>
  );
}

/** Each part leads to the list of all that is theirs. */
function Whose({
  row: { user, app, company, allCompanies, kind },
  chosen: { show },
}: {
  row: InventoryRow;
  chosen: TokenFilters;
}) {
  const link = "block hover:underline";
  return (
    <div className="min-w-0">
      {user && (
        <Link href={tokensHref({ show, user: user.id })} className={link} title={user.email}>
          {user.name || "A user who is gone"}
        </Link>
      )}
      {app && (
        <Link href={tokensHref({ show, app: app.id })} className={link}>
          {app.name || "An app that is gone"}
          {app.isServiceAccount && " (service account)"}
        </Link>
      )}
      {company && (
        <Link href={tokensHref({ show, company: company.id })} className={`${link} text-faint`}>
          {company.name || "A company that is gone"}
        </Link>
      )}
      {allCompanies && kind !== "secret" && <span className="block text-faint">All companies</span>}
    </div>
  );
}

function Expiry({ row: { kind, expiresAt } }: { row: InventoryRow }) {
  if (expiresAt) return <Moment at={expiresAt} />;
  return kind === "secret" ? "Never" : <Badge tone="bad">Never</Badge>;
}
