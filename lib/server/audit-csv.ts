/** GET /admin/audit.csv: the audit log for a spreadsheet, with the filters of the page. */
import { stringify } from "csv-stringify/sync";
import { type AuditFilters, type AuditLogRow, listAuditLog, resolveAudit } from "../db/audit-log";
import type { Database } from "../db/database";
import { OAuthError } from "../oauth/errors";
import { type EndpointRequest, type EndpointResponse, seeOther } from "../oauth/message";
import { auditQuery, toSearch } from "./audit-query";
import { signedInUser } from "./auth";
import type { Runtime } from "./runtime";

/** The most events one file has, the newest first: what is older is asked for by its time. */
const CSV_ROWS = 10_000;
const BATCH = 500;

const columns = [
  ...["at", "action", "actor_id", "actor_name", "actor_email", "subject_id", "subject_name", "subject_email"],
  ...["app_id", "app_name", "company_id", "company_name", "details"],
];

/** For administrators; for everybody else there is nothing here. */
export async function auditCsv(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  const user = await signedInUser(rt, request.headers.cookie);
  if (!user) {
    const next = `${request.path}${request.query && `?${request.query}`}`;
    return seeOther(`/login?${new URLSearchParams({ next })}`);
  }
  if (!user.isAdmin) throw new OAuthError("invalid_request", "there is nothing here", { status: 404 });
  const asked = auditQuery.installation.parse(Object.fromEntries(new URLSearchParams(request.query)));
  const filters = await resolveAudit(rt.db, toSearch(asked));
  return {
    status: 200,
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="audit-${rt.db.now().toISOString().slice(0, 10)}.csv"`,
      "cache-control": "no-store",
    },
    body: filters === null ? csv([], true) : await readAll(rt.db, filters),
  };
}

async function readAll(db: Database, filters: AuditFilters): Promise<string> {
  const parts: string[] = [];
  let after: string | null = "";
  for (let read = 0; read < CSV_ROWS && after !== null; read += BATCH) {
    const page: Awaited<ReturnType<typeof listAuditLog>> = await listAuditLog(db, filters, {
      after,
      limit: BATCH,
    });
    parts.push(csv(page.events, read === 0));
    after = page.next;
  }
  return parts.join("");
}

/** Names are what people chose: none of them is to be a formula in somebody's spreadsheet. */
function csv(events: readonly AuditLogRow[], header: boolean): string {
  return stringify(events.map(toRecord), {
    columns,
    header,
    escape_formulas: true,
    record_delimiter: "\r\n",
  });
}

function toRecord({ at, action, actor, subject, app, company, details }: AuditLogRow): string[] {
  return [
    ...[at.toISOString(), action, actor?.id, actor?.name, actor?.email],
    ...[subject?.id, subject?.name, subject?.email, app?.id, app?.name, company?.id, company?.name],
    JSON.stringify(details),
  ].map((value) => value ?? "");
}
