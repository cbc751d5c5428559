/** The people of an installation. */
import Link from "next/link";
import type { UserRow } from "@/lib/db/all-users";
import { Card } from "./ui/card";
import { Moment } from "./ui/moment";
import { Cell, HeadCell, Row, Table } from "./ui/table";
import { UserBadges } from "./user-badges";

export function UserList({ users }: { users: readonly UserRow[] }) {
  return (
    <Card>
      <Table caption="Users" columns={["Name", "Companies", "Created", "Status"]}>
        {users.map((user) => (
          <Row key={user.id}>
            <HeadCell>
              <Link
                href={`/admin/users/${user.id}`}
                className="wrap-anywhere rounded-sm font-medium underline-offset-4 hover:underline"
              >
                {user.name}
              </Link>
              <span className="wrap-anywhere block text-faint text-sm">{user.email}</span>
            </HeadCell>
            <Cell label="Companies" className="text-soft tabular-nums">
              {user.companies}
            </Cell>
            <Cell label="Created" className="text-soft">
              <Moment at={user.createdAt} style="date" />
            </Cell>
            <Cell label="Status">
              <UserBadges isAdmin={user.isAdmin} status={user.status} />
            </Cell>
          </Row>
        ))}
      </Table>
    </Card>
  );
}
