/** Tokens that act as the signed-in person, each with a way to end it. */
import type { LiveTokenRow } from "@/lib/db/token-list";
import { LastUse } from "./last-use";
import { RegenerateToken, type RegenerateTokenAction } from "./regenerate-token";
import { ScopeChips } from "./scope-chips";
import { nameOfToken, startOfToken, TokenApp, TokenHead } from "./token-cells";
import type { FormAction } from "./ui/action-state";
import { Badge } from "./ui/badge";
import { Card } from "./ui/card";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { Moment } from "./ui/moment";
import type { Option } from "./ui/select-field";
import { ActionCell, Cell, Row, Table } from "./ui/table";
import { UsedFrom } from "./used-from";

interface TokenActions {
  revoke: FormAction;
  regenerate: RegenerateTokenAction;
  /** What a new token in the place of another one may choose for its end. */
  lifetimes: readonly Option[];
}

export function TokenTable({ tokens, ...actions }: TokenActions & { tokens: readonly LiveTokenRow[] }) {
  return (
    <Card>
      <Table
        caption="Tokens that act as you"
        columns={["Name", "App", "Scopes", "Last used", "Expires"]}
        actions="Regenerate or revoke"
      >
        {tokens.map((token) => (
          <TokenLine key={token.handle} token={token} {...actions} />
        ))}
      </Table>
    </Card>
  );
}

function TokenLine({ token, revoke, regenerate, lifetimes }: TokenActions & { token: LiveTokenRow }) {
  const name = nameOfToken(token);
  const start = startOfToken(token);
  return (
    <Row>
      <TokenHead token={token} networks={token.allowedAddresses} />
      <TokenApp token={token} />
      <Cell label="Scopes">
        <ScopeChips scopes={token.scopes} />
      </Cell>
      <Cell label="Last used" className="text-soft">
        <LastUse of={token} />
      </Cell>
      <Cell label="Expires">
        <Expiry token={token} />
      </Cell>
      <ActionCell several>
        {token.kind === "personal" && !token.isReplaced && (
          <RegenerateToken
            token={{ handle: token.handle, name, start }}
            action={regenerate}
            lifetimes={lifetimes}
          />
        )}
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
                <UsedFrom address={token.lastUsedAddress} agent={token.lastUsedAgent} />
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

const DAY_MS = 24 * 60 * 60 * 1000;
const soonMs = 7 * DAY_MS;

/** Never is the odd one; what somebody made and what ends within a week says so, an app's token is meant to end. */
function Expiry({ token: { expiresAt, isReplaced, kind } }: { token: LiveTokenRow }) {
  if (!expiresAt) return <Badge tone="bad">Never</Badge>;
  if (isReplaced)
    return (
      <Badge tone="warn">
        Replaced, ends <Moment at={expiresAt} />
      </Badge>
    );
  const isSoon = kind !== "access" && expiresAt.getTime() - Date.now() < soonMs;
  return isSoon ? (
    <Badge tone="warn">
      Expires soon, <Moment at={expiresAt} />
    </Badge>
  ) : (
    <Badge>
      <Moment at={expiresAt} />
    </Badge>
  );
}
