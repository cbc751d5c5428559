/** The administration API: the whole installation, for administrators. */
import { z } from "zod";
import { type AnyApp, listAllApps } from "../../db/all-apps";
import { AppStatus } from "../../db/generated/enums";
import { afterCursor } from "../../db/keyset";
import { json } from "../../oauth/message";
import { failure, readQuery } from "./answers";
import { guarded } from "./guard";

const MAX_LIMIT = 100;

const appsQuery = z.strictObject({
  status: z.enum(AppStatus).optional(),
  after: z
    .string()
    .refine((cursor) => afterCursor(cursor) !== null)
    .optional(),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .transform(Number)
    .refine((limit) => limit <= MAX_LIMIT)
    .optional(),
});

export const allApps = guarded("administration", "admin", async (rt, { request }) => {
  const query = readQuery(request, appsQuery);
  if (!query)
    return failure(
      400,
      "invalid_request",
      `the query may have: limit (1 to ${MAX_LIMIT}), after (next of the page before), status (${Object.keys(AppStatus).join(", ")})`,
    );
  const { apps, next } = await listAllApps(rt.db, query);
  return json(200, { apps: apps.map(toWire), next });
});

function toWire(app: AnyApp) {
  return {
    client_id: app.id,
    name: app.name,
    kind: app.kind,
    type: app.type,
    status: app.status,
    preset: app.policy.preset,
    scopes: app.scopes,
    owner: app.owner,
    created_at: app.createdAt.toISOString(),
    last_used_at: app.lastUsedAt?.toISOString() ?? null,
  };
}
