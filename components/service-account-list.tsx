/** An installation's service accounts. */
import Link from "next/link";
import type { ServiceAccountSummary } from "@/lib/db/service-accounts";
import { ServiceAccountStatus } from "./service-account-status";
import { Card } from "./ui/card";
import { Moment } from "./ui/moment";
import { Cell, HeadCell, Row, Table } from "./ui/table";

export function ServiceAccountList({ accounts }: { accounts: readonly ServiceAccountSummary[] }) {
  return (
    <Card>
      <Table caption="Service accounts" columns={["Name", "Company", "API Key", "Last used", "Status"]}>
        {accounts.map((account) => (
          <Row key={account.id}>
            <HeadCell>
              <Link
                href={`/admin/service-accounts/${account.id}`}
                className="wrap-anywhere rounded-sm font-medium underline-offset-4 hover:underline"
              >
                {account.name}
              </Link>
              <span className="wrap-anywhere block font-mono text-faint text-xs">{account.username}</span>
            </HeadCell>
            <Cell label="Company" className="text-soft">
              <span className="wrap-anywhere">{account.company?.name ?? "None"}</span>
            </Cell>
            <Cell label="API Key">
              <code className="wrap-anywhere font-mono text-xs">{account.apiKey}</code>
            </Cell>
            <Cell label="Last used" className="text-soft">
              {account.lastUsedAt ? <Moment at={account.lastUsedAt} /> : "Never"}
            </Cell>
            <Cell label="Status">
              <ServiceAccountStatus status={account.status} />
            </Cell>
          </Row>
        ))}
      </Table>
    </Card>
  );
}
