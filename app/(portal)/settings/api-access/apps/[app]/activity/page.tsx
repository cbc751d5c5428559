/** What happened to an app. */
import { History } from "lucide";
import type { Metadata } from "next";
import { ActivityList } from "@/components/activity-list";
import { ListHead } from "@/components/list-head";
import { EmptyState } from "@/components/ui/empty-state";
import { Pagination } from "@/components/ui/pagination";
import { listActivity } from "@/lib/db/activity";
import { runtime } from "@/lib/server/runtime";
import { listHref, listQuery, type SearchParams } from "../../../../list-query";
import { type AppParams, loadApp } from "../load-app";

export const metadata: Metadata = { title: "Activity" };

export default async function ActivityPage({
  params,
  searchParams,
}: AppParams & { searchParams: SearchParams }) {
  const { user, app } = await loadApp((await params).app);
  const { after } = await listQuery(searchParams);
  const { rows, next } = await listActivity(runtime().db, user.id, app.id, { after });
  const path = `/settings/api-access/apps/${app.id}/activity`;
  return (
    <section aria-labelledby="activity">
      <ListHead
        id="activity"
        title="Activity"
        text="Changes to this app, and requests that were refused: open one to see what was received and why."
      />
      {rows.length > 0 ? (
        <ActivityList rows={rows} />
      ) : (
        <EmptyState
          icon={History}
          title="Nothing happened yet"
          text="Changes and refused requests will be listed here."
        />
      )}
      <Pagination start={after ? path : null} next={next && listHref(path, { after: next })} />
    </section>
  );
}
