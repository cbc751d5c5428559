/** An app's requests of the last week: totals, a chart, and the refused ones explained. */
import { Activity, SearchX } from "lucide";
import Link from "next/link";
import type { RefusedRequest, RequestActivity } from "@/lib/db/request-activity";
import { type ActivityQuery, endpointNames } from "@/lib/server/activity-query";
import { Facts } from "./facts";
import { ListHead } from "./list-head";
import { RefusalGroups } from "./refusal-groups";
import { RefusedRequestDetail } from "./refused-request";
import { RequestChart, RequestTable } from "./request-chart";
import { Button } from "./ui/button";
import { Card, CardBody } from "./ui/card";
import { cn } from "./ui/cn";
import { EmptyState } from "./ui/empty-state";
import { controlClass } from "./ui/field";
import { FilterLinks } from "./ui/filter-links";

interface AppRequestsProps {
  /** The page's address. */
  path: string;
  query: ActivityQuery;
  activity: RequestActivity;
  /** What the request id in the query names; null for nothing. */
  found: RefusedRequest | null;
}

export function AppRequests({ path, query, activity, found }: AppRequestsProps) {
  const { hours, endpoints, groups, hasMore } = activity;
  const all = endpoints.reduce((sum, { ok, refused }) => sum + ok + refused, 0);
  return (
    <section aria-labelledby="requests" className="grid grid-cols-1 gap-4">
      <div className="-mb-4">
        <ListHead
          id="requests"
          title="Requests"
          text="Of the last 7 days. Each answer carries its id in the header x-request-id."
          aside={<RequestSearch path={path} value={query.request} />}
        />
      </div>
      {query.request !== "" && <Found path={path} found={found} />}
      {all === 0 ? (
        <EmptyState
          icon={Activity}
          title="No requests in the last 7 days"
          text="What this app asks for will be counted here, and what is refused will be explained."
        />
      ) : (
        <>
          <Filters path={path} query={query} activity={activity} />
          <Totals activity={activity} />
          <Card>
            <CardBody>
              <RequestChart hours={hours} />
              <RequestTable hours={hours} />
            </CardBody>
          </Card>
          {groups.length > 0 && (
            <>
              <h3 className="mt-2 font-semibold text-base">Refused requests</h3>
              <RefusalGroups groups={groups} hasMore={hasMore} />
            </>
          )}
        </>
      )}
    </section>
  );
}

function RequestSearch({ path, value }: { path: string; value: string }) {
  return (
    <search>
      <form action={path} className="flex items-end gap-2">
        <div className="grid gap-1">
          <label htmlFor="request" className="font-medium text-sm">
            Request ID
          </label>
          <input
            id="request"
            name="request"
            defaultValue={value}
            maxLength={64}
            autoComplete="off"
            spellCheck={false}
            className={cn(controlClass, "h-9 w-52 font-mono text-sm pointer-coarse:h-11")}
          />
        </div>
        <Button type="submit">Find</Button>
      </form>
    </search>
  );
}

function Found({ path, found }: { path: string; found: RefusedRequest | null }) {
  if (!found)
    return (
      <EmptyState
        icon={SearchX}
        title="No refused request of this app has that id"
        text="Refused requests stay for 30 days; of many in one minute, some are only counted."
        action={<Link href={path}>Show all requests</Link>}
      />
    );
  return (
    <Card tone="accent">
      <CardBody>
        <h3 className="font-semibold text-base">
          Refused with <code className="font-mono text-sm">{found.error}</code>
        </h3>
        <RefusedRequestDetail refused={found} />
        <Link href={path} className="w-fit text-accent text-sm underline underline-offset-2">
          Show all requests
        </Link>
      </CardBody>
    </Card>
  );
}

function Filters({ path, query, activity }: Omit<AppRequestsProps, "found">) {
  const { endpoint, outcome } = query;
  const href = (change: { endpoint?: string; outcome?: string }) => {
    const set = Object.entries({ endpoint, outcome, ...change }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    );
    return set.length > 0 ? `${path}?${new URLSearchParams(set)}` : path;
  };
  const used = endpointNames.filter((entry) =>
    activity.endpoints.some(({ endpoint: of }) => of === entry.endpoint),
  );
  return (
    <div className="flex flex-wrap gap-2">
      <div className="max-w-full overflow-x-auto">
        <FilterLinks
          label="Endpoint"
          links={[
            { href: href({ endpoint: undefined }), label: "All", current: endpoint === undefined },
            ...used.map((entry) => ({
              href: href({ endpoint: entry.endpoint }),
              label: entry.label,
              current: endpoint === entry.endpoint,
            })),
          ]}
        />
      </div>
      <FilterLinks
        label="Outcome"
        links={[
          { href: href({ outcome: undefined }), label: "Any outcome", current: outcome === undefined },
          { href: href({ outcome: "ok" }), label: "Succeeded", current: outcome === "ok" },
          { href: href({ outcome: "refused" }), label: "Refused", current: outcome === "refused" },
        ]}
      />
    </div>
  );
}

function Totals({ activity: { hours, groups } }: { activity: RequestActivity }) {
  const ok = hours.reduce((sum, hour) => sum + hour.ok, 0);
  const refused = hours.reduce((sum, hour) => sum + hour.refused, 0);
  const all = ok + refused;
  return (
    <Facts
      facts={[
        { title: "Requests", value: all.toLocaleString("en-GB") },
        { title: "Succeeded", value: ok.toLocaleString("en-GB") },
        { title: "Refused", value: refused.toLocaleString("en-GB"), note: kinds(groups.length) },
        { title: "Success rate", value: all === 0 ? "–" : rate(ok / all) },
      ]}
    />
  );
}

function kinds(count: number): string | undefined {
  if (count === 0) return undefined;
  return count === 1 ? "for one reason" : `for ${count} reasons`;
}

/** A rate that is not whole never reads as whole. */
function rate(part: number): string {
  const percent = part === 1 ? 100 : Math.min(99.9, Math.floor(part * 1000) / 10);
  return `${percent.toLocaleString("en-GB")} %`;
}
