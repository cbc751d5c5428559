/** Who belongs to the company, and who is invited to. */
import { SearchX } from "lucide";
import type { Metadata } from "next";
import Link from "next/link";
import { InviteForm } from "@/components/invite-form";
import { MemberTable } from "@/components/member-table";
import { NoCompany } from "@/components/no-company";
import { PendingInvitations } from "@/components/pending-invitations";
import { buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHead } from "@/components/ui/page-head";
import { Pagination } from "@/components/ui/pagination";
import { SearchField } from "@/components/ui/search-field";
import { listMembers } from "@/lib/db/company-members";
import type { Standing } from "@/lib/db/company-roles";
import { listInvitations } from "@/lib/db/invitations";
import { runtime } from "@/lib/server/runtime";
import type { SignedInUser } from "@/lib/server/session";
import { listHref, listQuery, type SearchParams } from "../../settings/list-query";
import { loadCompany } from "../load-company";
import { changeOneRole, leaveOneCompany, removeOneMember } from "./actions";
import { inviteOne, resendOne, withdrawOne } from "./invitation-actions";

export const metadata: Metadata = { title: "Members" };

const path = "/company/members";

export default async function MembersPage({ searchParams }: { searchParams: SearchParams }) {
  const { q, after } = await listQuery(searchParams);
  const { user, company } = await loadCompany(listHref(path, { q, after }));
  return (
    <>
      <PageHead
        title="Members"
        text={
          company
            ? `Who belongs to ${company.name}, and what each of them may do there.`
            : "Who belongs to a company, and what each of them may do there."
        }
      />
      {company ? <People user={user} company={company} q={q} after={after} /> : <NoCompany />}
    </>
  );
}

interface PeopleProps {
  user: SignedInUser;
  company: Standing;
  q: string;
  after: string | undefined;
}

async function People({ user, company, q, after }: PeopleProps) {
  const { db } = runtime();
  const { members, next } = await listMembers(db, user.id, company.id, { search: q || undefined, after });
  const isOwner = company.role === "owner";
  const invitations = isOwner ? await listInvitations(db, user.id, company.id) : [];
  return (
    <div className="grid grid-cols-1 gap-5">
      {isOwner && <InviteForm company={company.id} action={inviteOne} />}
      {invitations.length > 0 && (
        <PendingInvitations
          company={company.id}
          invitations={invitations}
          resend={resendOne}
          withdraw={withdrawOne}
        />
      )}
      <div>
        <div className="mb-4 flex">
          <SearchField action={path} label="Search members" value={q} />
        </div>
        {members.length > 0 ? (
          <MemberTable
            company={company}
            members={members}
            userId={user.id}
            changeRole={changeOneRole}
            remove={removeOneMember}
            leave={leaveOneCompany}
          />
        ) : (
          <NoMatch q={q} />
        )}
        <Pagination
          start={after ? listHref(path, { q }) : null}
          next={next && listHref(path, { q, after: next })}
        />
      </div>
    </div>
  );
}

function NoMatch({ q }: { q: string }) {
  return (
    <EmptyState
      heading="h2"
      icon={SearchX}
      title={q ? `Nothing matches “${q}”` : "Nobody more"}
      text="Search looks at names and email addresses."
      action={
        <Link href={path} className={buttonClass()}>
          Show all
        </Link>
      }
    />
  );
}
