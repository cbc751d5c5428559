/** What an app asks for, what of it is refused and why, and what was changed of the app. */
import type { Metadata } from "next";
import { ActivityList } from "@/components/activity-list";
import { AppRequests } from "@/components/app-requests";
import { ListHead } from "@/components/list-head";
import { Pagination } from "@/components/ui/pagination";
import { listActivity } from "@/lib/db/activity";
import { findRefusal, findRequestActivity } from "@/lib/db/request-activity";
import { activityQuery } from "@/lib/server/activity-query";
import { runtime } from "@/lib/server/runtime";
import { listHref, type SearchParams } from "../../../../list-query";
import { type AppParams, loadApp } from "../load-app";

export const metadata: Metadata = { title: "Activity" };

export default async function ActivityPage({
  params,
  searchParams,
}: AppParams & { searchParams: SearchParams }) {
  const { user, app } = await loadApp((await params).app);
  const query = activityQuery(await searchParams);
  const { db, trail } = runtime();
  // What this process has counted in the last seconds is on the page, too.
  await trail.flush();
  const [activity, found, changes] = await Promise.all([
    findRequestActivity(db, user.id, app.id, query),
    query.request === "" ? null : findRefusal(db, user.id, app.id, query.request),
    listActivity(db, user.id, app.id, { after: query.after, limit: 20 }),
  ]);
  const path = `/settings/api-access/apps/${app.id}/activity`;
  return (
    <div className="grid grid-cols-1 gap-8">
      <AppRequests path={path} query={query} activity={activity} found={found} />
      <section aria-labelledby="changes">
        <ListHead id="changes" title="Changes" text="What was changed of this app, and who did it." />
        {changes.rows.length > 0 && <ActivityList rows={changes.rows} />}
        <Pagination
          start={query.after ? path : null}
          next={changes.next && listHref(path, { after: changes.next })}
        />
      </section>
    </div>
  );
}
