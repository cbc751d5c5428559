/** Tokens that acted as the signed-in person and have ended: nothing to do about them any more. */
import type { EndedTokenRow } from "@/lib/db/ended-token-list";
import { ScopeChips } from "./scope-chips";
import { TokenApp, TokenHead } from "./token-cells";
import { Badge } from "./ui/badge";
import { Card } from "./ui/card";
import { Moment } from "./ui/moment";
import { Cell, Row, Table } from "./ui/table";

const words: Record<EndedTokenRow["reason"], string> = {
  expired: "Expired",
  revoked: "Revoked",
  replaced: "Replaced",
  leaked: "Reported as leaked",
};

export function EndedTokenTable({ tokens }: { tokens: readonly EndedTokenRow[] }) {
  return (
    <Card>
      <Table
        caption="Tokens that acted as you and have ended"
        columns={["Name", "App", "Scopes", "Last used", "Ended"]}
      >
        {tokens.map((token) => (
          <Row key={token.handle}>
            <TokenHead token={token} />
            <TokenApp token={token} />
            <Cell label="Scopes">
              <ScopeChips scopes={token.scopes} />
            </Cell>
            <Cell label="Last used" className="text-soft">
              {token.lastUsedAt ? <Moment at={token.lastUsedAt} /> : "Never"}
            </Cell>
            <Cell label="Ended">
              <div>
                <Badge>
                  {words[token.reason]} <Moment at={token.endedAt} />
                </Badge>
                {token.endedBy && <span className="block text-faint text-sm">by {token.endedBy}</span>}
              </div>
            </Cell>
          </Row>
        ))}
      </Table>
    </Card>
  );
}
