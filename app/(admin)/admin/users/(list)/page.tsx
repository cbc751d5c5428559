/** The people of the installation. */
import { Plus, SearchX, Users } from "lucide";
import type { Metadata } from "next";
import Link from "next/link";
import { z } from "zod";
import { listHref, listQuery, type SearchParams } from "@/app/(portal)/settings/list-query";
import { buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterLinks } from "@/components/ui/filter-links";
import { Icon } from "@/components/ui/icon";
import { PageHead } from "@/components/ui/page-head";
import { Pagination } from "@/components/ui/pagination";
import { SearchField } from "@/components/ui/search-field";
import { UserList } from "@/components/user-list";
import { listUsers, type UserFilter } from "@/lib/db/all-users";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin } from "@/lib/server/session";

export const metadata: Metadata = { title: "Users" };

const path = "/admin/users";

const filters: readonly { show: UserFilter; label: string }[] = [
  { show: "all", label: "All" },
  { show: "active", label: "Active" },
  { show: "suspended", label: "Suspended" },
  { show: "admins", label: "Admins" },
];
const shown = z.object({ show: z.enum(["all", "active", "suspended", "admins"]).catch("all") });

export default async function UsersPage({ searchParams }: { searchParams: SearchParams }) {
  const { q, after } = await listQuery(searchParams);
  const { show } = shown.parse(await searchParams);
  const here = { show: show === "all" ? null : show, q };
  const admin = await requireAdmin(listHref(path, { ...here, after }));
  const { users, next } = await listUsers(runtime().db, admin.id, { show, search: q || undefined, after });
  return (
    <>
      <PageHead
        title="Users"
        text="Everybody who has an account here."
        aside={
          <Link href={`${path}/new`} className={buttonClass({ variant: "primary" })}>
            <Icon of={Plus} /> Create user
          </Link>
        }
      />
      <div className="mb-4 grid gap-3 sm:flex sm:items-center sm:justify-between">
        <FilterLinks
          label="Users by state"
          links={filters.map((filter) => ({
            href: listHref(path, { show: filter.show === "all" ? null : filter.show, q }),
            label: filter.label,
            current: filter.show === show,
          }))}
        />
        <SearchField action={path} label="Search users" value={q} />
      </div>
      {users.length > 0 ? <UserList users={users} /> : <Nobody q={q} />}
      <Pagination
        start={after ? listHref(path, here) : null}
        next={next && listHref(path, { ...here, after: next })}
      />
    </>
  );
}

function Nobody({ q }: { q: string }) {
  return q ? (
    <EmptyState
      heading="h2"
      icon={SearchX}
      title={`Nobody matches “${q}”`}
      text="Search looks at how e-mail addresses and names begin."
    />
  ) : (
    <EmptyState heading="h2" icon={Users} title="Nobody" text="There is nobody of this kind." />
  );
}
