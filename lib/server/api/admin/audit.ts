/** The audit log in the administration API. */
import { z } from "zod";
import { type AuditLogRow, listAuditLog } from "../../../db/audit-log";
import { operation } from "./operation";
import { moment, nextSchema, pageQuery, pageWords } from "./page";

const id = z.string().regex(/^[\w-]{1,64}$/);
/** Of this age: a database does not know every year there could be. */
const when = z.iso
  .datetime()
  .regex(/^2[01]/)
  .transform((text) => new Date(text));
const named = z.object({ id: z.string(), name: z.string().nullable() });

const eventSchema = z.object({
  id: z.string(),
  at: moment,
  action: z.string(),
  actor: named.extend({ email: z.string().nullable() }).nullable().describe("null for an app, or for time"),
  subject: named.extend({ email: z.string().nullable() }).nullable().describe("To whom it was done"),
  app: named.nullable(),
  company: named.nullable(),
  details: z.record(z.string(), z.unknown()).describe("Names and values; never a secret"),
});

export const listAudit = operation({
  method: "GET",
  path: "/admin/v1/audit",
  operationId: "listAudit",
  summary: "What was done, newest first",
  query: z.strictObject({
    ...pageQuery,
    action: z
      .string()
      .regex(/^[a-z_]{1,40}\.([a-z_]{1,40}|\*)$/)
      .describe("One action, or all of a kind: `secret.*`")
      .optional(),
    user_id: id.describe("Who did it, or to whom it was done").optional(),
    client_id: id.optional(),
    company_id: id.optional(),
    from: when.optional(),
    to: when.optional(),
  }),
  queryWords: `${pageWords}, action, user_id, client_id, company_id, from, to (RFC 3339)`,
  success: { status: 200, answer: z.object({ events: z.array(eventSchema), next: nextSchema }) },
  run: async (rt, { query: { after, limit, user_id, client_id, company_id, ...query } }) => {
    const filters = { ...query, personId: user_id, appId: client_id, companyId: company_id };
    const { events, next } = await listAuditLog(rt.db, filters, { after, limit });
    return { status: 200, answer: { events: events.map(toWire), next } };
  },
});

function toWire({ at, ...event }: AuditLogRow): z.output<typeof eventSchema> {
  const { id, action, actor, subject, app, company, details } = event;
  return { id, at: at.toISOString(), action, actor, subject, app, company, details };
}
