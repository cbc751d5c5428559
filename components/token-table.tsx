/** Tokens that act as the signed-in person, each with a way to end it. */

import { brand } from "@/latchkey.config";
import type { TokenRow } from "@/lib/db/tokens";
import { logoSrc } from "./app-words";
import { ScopeChips } from "./scope-chips";
import type { FormAction } from "./ui/action-state";
import { Badge, type Tone } from "./ui/badge";
import { Card } from "./ui/card";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { Logo } from "./ui/logo";
import { Moment } from "./ui/moment";
import { ActionCell, Cell, HeadCell, Row, Table } from "./ui/table";

const kinds: Record<TokenRow["kind"], { label: string; prefix: string }> = {
  access: { label: "Access token", prefix: "at" },
  personal: { label: "Personal token", prefix: "pat" },
  legacy: { label: "Legacy token", prefix: "lt" },
};

export function TokenTable({ tokens, revoke }: { tokens: readonly TokenRow[]; revoke: FormAction }) {
  return (
    <Card>
      <Table
        caption="Tokens that act as you"
        columns={["Name", "App", "Scopes", "Last used", "Expires"]}
        actions="Revoke"
      >
        {tokens.map((token) => (
          <TokenLine key={token.handle} token={token} revoke={revoke} />
        ))}
      </Table>
    </Card>
  );
}

function TokenLine({ token, revoke }: { token: TokenRow; revoke: FormAction }) {
  const kind = kinds[token.kind];
  const name = token.name ?? kind.label;
  const reach = token.allCompanies ? "All companies" : token.company?.name;
  const start = `${brand.credentialPrefix}${kind.prefix}_…${token.last4}`;
  return (
    <Row>
      <HeadCell id={`token-${token.handle}`}>
        <span className="block font-medium">{name}</span>
        <span className="block text-faint text-sm">
          <code className="font-mono text-xs">{start}</code>
          {reach && <> · {reach}</>}
        </span>
      </HeadCell>
      <Cell label="App">
        {token.app ? (
          <span className="flex min-w-0 items-center gap-2">
            <Logo name={token.app.name} src={logoSrc(token.app.logoId)} size="sm" />
            <span className="min-w-0 truncate">{token.app.name}</span>
          </span>
        ) : (
          <span className="text-faint">Made by you</span>
        )}
      </Cell>
      <Cell label="Scopes">
        <ScopeChips scopes={token.scopes} />
      </Cell>
      <Cell label="Last used" className="text-soft">
        {token.lastUsedAt ? <Moment at={token.lastUsedAt} /> : "Never"}
      </Cell>
      <Cell label="Expires">
        <Expiry at={token.expiresAt} />
      </Cell>
      <ActionCell>
        <ConfirmDialog
          trigger="Revoke"
          triggerDescribedBy={`token-${token.handle}`}
          title={token.app ? `Revoke this token of ${token.app.name}?` : `Revoke ${name}?`}
          confirm="Revoke"
          action={revoke}
          fields={{ token: token.handle }}
          done="Token revoked"
        >
          <p>
            <code className="font-mono text-sm">{start}</code> stops working with the next request
            {token.lastUsedAt && (
              <>
                ; it was last used{" "}
                <strong>
                  <Moment at={token.lastUsedAt} />
                </strong>
              </>
            )}
            . This cannot be undone.
          </p>
          {token.app && (
            <p>
              {token.app.name} stays allowed and can ask for another token. To stop it for good, revoke its
              access under Authorized apps.
            </p>
          )}
        </ConfirmDialog>
      </ActionCell>
    </Row>
  );
}

const soonMs = 14 * 24 * 60 * 60 * 1000;
const shortLivedMs = 2 * 24 * 60 * 60 * 1000;

/** Never is the odd one; a date that comes close is worth a colour, an hour's token is meant to end. */
function Expiry({ at }: { at: Date | null }) {
  if (!at) return <Badge tone="bad">Never</Badge>;
  const left = at.getTime() - Date.now();
  const tone: Tone = left > shortLivedMs && left < soonMs ? "warn" : "plain";
  return (
    <Badge tone={tone}>
      <Moment at={at} />
    </Badge>
  );
}
