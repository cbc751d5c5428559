/** The apps of the installation: those that wait for a decision, and all others. */
import { Blocks, CheckCheck, SearchX } from "lucide";
import type { Metadata } from "next";
import { z } from "zod";
import { listHref, listQuery, type SearchParams } from "@/app/(portal)/settings/list-query";
import { EveryApp } from "@/components/approval-list";
import { ApprovalQueue } from "@/components/approval-queue";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterLinks } from "@/components/ui/filter-links";
import { PageHead } from "@/components/ui/page-head";
import { Pagination } from "@/components/ui/pagination";
import { SearchField } from "@/components/ui/search-field";
import { listAllApps } from "@/lib/db/all-apps";
import { countWaiting, listWaiting } from "@/lib/db/registrations";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin } from "@/lib/server/session";
import { approveOneApp, refuseOneApp } from "../actions";

export const metadata: Metadata = { title: "Apps" };

const path = "/admin/apps";

type Show = "waiting" | "all" | "refused" | "suspended";
const shown = z.object({
  show: z.enum(["waiting", "all", "refused", "suspended"]).optional().catch(undefined),
});

export default async function AdminAppsPage({ searchParams }: { searchParams: SearchParams }) {
  const { q, after } = await listQuery(searchParams);
  const asked = shown.parse(await searchParams).show;
  await requireAdmin(listHref(path, { show: asked, q, after }));
  const waiting = await countWaiting(runtime().db);
  const { registration } = await runtime().as.store.findInstance();
  const queueFirst = waiting > 0 || registration === "approval";
  const show: Show = q ? "all" : (asked ?? (queueFirst ? "waiting" : "all"));
  const link = (to: Show, label: string, count?: number) => ({
    href: listHref(path, { show: to }),
    label,
    count,
    current: show === to,
  });
  return (
    <>
      <PageHead title="Apps" text="Everything that is registered here, and what waits for your decision." />
      <div className="mb-4 grid gap-3 sm:flex sm:items-center sm:justify-between">
        <FilterLinks
          label="Apps by state"
          links={[
            link("waiting", "Waiting", waiting),
            link("all", "All"),
            link("refused", "Refused"),
            link("suspended", "Suspended"),
          ]}
        />
        <SearchField action={path} label="Search all apps" value={q} />
      </div>
      {show === "waiting" ? <Queue after={after} /> : <List show={show} q={q} after={after} />}
    </>
  );
}

async function Queue({ after }: { after?: string }) {
  const { apps, next } = await listWaiting(runtime().db, { after });
  const here = listHref(path, { show: "waiting" });
  return (
    <>
      {apps.length > 0 ? (
        <ApprovalQueue apps={apps} approve={approveOneApp} refuse={refuseOneApp} />
      ) : (
        <EmptyState
          heading="h2"
          icon={CheckCheck}
          title="Nothing waits"
          text="Where registration is by approval, new apps appear here until somebody decides about them."
        />
      )}
      <Pagination
        start={after ? here : null}
        next={next && listHref(path, { show: "waiting", after: next })}
      />
    </>
  );
}

type Listed = Exclude<Show, "waiting">;

async function List({ show, q, after }: { show: Listed; q: string; after?: string }) {
  const status = show === "all" ? undefined : show;
  const { apps, next } = await listAllApps(runtime().db, { status, search: q || undefined, after });
  const here = { show, q };
  return (
    <>
      {apps.length > 0 ? <EveryApp apps={apps} /> : <Nothing show={show} q={q} />}
      <Pagination
        start={after ? listHref(path, here) : null}
        next={next && listHref(path, { ...here, after: next })}
      />
    </>
  );
}

function Nothing({ show, q }: { show: Listed; q: string }) {
  if (q)
    return (
      <EmptyState
        heading="h2"
        icon={SearchX}
        title={`Nothing matches “${q}”`}
        text="Search looks at how names begin, and at whole client IDs."
      />
    );
  if (show === "suspended")
    return (
      <EmptyState
        heading="h2"
        icon={Blocks}
        title="Nothing is suspended"
        text="Apps you suspend stay here until you resume them."
      />
    );
  return show === "refused" ? (
    <EmptyState
      heading="h2"
      icon={Blocks}
      title="Nothing is refused"
      text="Apps you refuse stay here until they ask again."
    />
  ) : (
    <EmptyState
      heading="h2"
      icon={Blocks}
      title="Nothing registered yet"
      text="Apps appear here when people register them."
    />
  );
}
