/** The people of a company; owners change roles here and remove people, everybody can leave. */
import type { MemberRow } from "@/lib/db/company-members";
import type { Standing } from "@/lib/db/company-roles";
import { MemberRole } from "./member-role";
import { roleWords } from "./role-words";
import type { FormAction } from "./ui/action-state";
import { Badge } from "./ui/badge";
import { Card } from "./ui/card";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { Logo } from "./ui/logo";
import { Moment } from "./ui/moment";
import { ActionCell, Cell, HeadCell, Row, Table } from "./ui/table";

interface MemberTableProps {
  company: Pick<Standing, "id" | "name" | "role">;
  members: readonly MemberRow[];
  /** Who looks at it. */
  userId: string;
  changeRole: FormAction;
  remove: FormAction;
  leave: FormAction;
}

export function MemberTable({ company, members, userId, changeRole, remove, leave }: MemberTableProps) {
  const isOwner = company.role === "owner";
  return (
    <Card>
      <Table
        caption={`Members of ${company.name}`}
        columns={["Name", "Role", "Member since"]}
        actions="Remove or leave"
      >
        {members.map((member) => (
          <Row key={member.id}>
            <HeadCell id={`member-${member.id}`}>
              <Person member={member} isSelf={member.id === userId} />
            </HeadCell>
            <Cell label="Role">
              {isOwner ? (
                <MemberRole
                  company={company.id}
                  member={{ id: member.id, name: member.name, role: member.role }}
                  action={changeRole}
                />
              ) : (
                <Badge title={roleWords[member.role].meaning}>{roleWords[member.role].label}</Badge>
              )}
            </Cell>
            <Cell label="Member since" className="text-soft">
              <Moment at={member.joinedAt} style="date" />
            </Cell>
            <ActionCell>
              {member.id === userId && <Leave company={company} action={leave} />}
              {member.id !== userId && isOwner && (
                <Remove company={company} member={member} action={remove} />
              )}
            </ActionCell>
          </Row>
        ))}
      </Table>
    </Card>
  );
}

function Person({ member: { name, email, isSuspended }, isSelf }: { member: MemberRow; isSelf: boolean }) {
  return (
    <span className="flex min-w-0 items-center gap-3">
      <Logo name={name} src={null} />
      <span className="min-w-0">
        <span className="flex flex-wrap items-center gap-x-2">
          <span className="wrap-anywhere font-medium">{name}</span>
          {isSelf && <Badge>You</Badge>}
          {isSuspended && (
            <Badge tone="bad" title="Stopped by an administrator">
              Suspended
            </Badge>
          )}
        </span>
        <span className="wrap-anywhere block text-faint text-sm">{email}</span>
      </span>
    </span>
  );
}

interface RowActionProps {
  company: Pick<Standing, "id" | "name">;
  action: FormAction;
}

function Remove({ company, member, action }: RowActionProps & { member: MemberRow }) {
  return (
    <ConfirmDialog
      trigger="Remove"
      triggerDescribedBy={`member-${member.id}`}
      title={`Remove ${member.name}?`}
      confirm="Remove"
      action={action}
      fields={{ company: company.id, member: member.id }}
      done={`${member.name} is removed`}
    >
      <p>
        <strong>{member.name}</strong> no longer reaches {company.name}: their tokens for it, and what they
        allowed apps there, stop working with the next request.
      </p>
      <p>API credentials and apps of the company live on, whoever made them.</p>
    </ConfirmDialog>
  );
}

function Leave({ company, action }: RowActionProps) {
  return (
    <ConfirmDialog
      trigger="Leave"
      title={`Leave ${company.name}?`}
      confirm="Leave company"
      action={action}
      fields={{ company: company.id }}
      done={`You have left ${company.name}`}
      then="/settings/profile"
    >
      <p>
        Your tokens for {company.name}, and what you allowed apps there, stop working with the next request.
      </p>
      <p>Only an owner can invite you back.</p>
    </ConfirmDialog>
  );
}
