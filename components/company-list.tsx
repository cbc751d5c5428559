/** The companies of an installation. */
import Link from "next/link";
import type { CompanyRow } from "@/lib/db/all-companies";
import { PlanBadge } from "./plan-badge";
import { Card } from "./ui/card";
import { Moment } from "./ui/moment";
import { Cell, HeadCell, Row, Table } from "./ui/table";

export function CompanyList({ companies }: { companies: readonly CompanyRow[] }) {
  return (
    <Card>
      <Table caption="Companies" columns={["Name", "Members", "Created", "Plan"]}>
        {companies.map((company) => (
          <Row key={company.id}>
            <HeadCell>
              <Link
                href={`/admin/companies/${company.id}`}
                className="wrap-anywhere rounded-sm font-medium underline-offset-4 hover:underline"
              >
                {company.name}
              </Link>
            </HeadCell>
            <Cell label="Members" className="text-soft tabular-nums">
              {company.members.toLocaleString("en-GB")}
            </Cell>
            <Cell label="Created" className="text-soft">
              <Moment at={company.createdAt} style="date" />
            </Cell>
            <Cell label="Plan">
              <PlanBadge apiAccess={company.apiAccess} />
            </Cell>
          </Row>
        ))}
      </Table>
    </Card>
  );
}
