/** Apps in the administration API: every one of the installation. */
import { z } from "zod";
import { type AnyApp, type AnyAppDetail, findAnyApp, listAllApps } from "../../../db/all-apps";
import { deleteAnyApp, resumeApp, type Supervised, suspendApp } from "../../../db/app-supervision";
import { AppKind, AppStatus, ClientType } from "../../../db/generated/enums";
import { type Outcome, operation } from "./operation";
import { moment, nextSchema, pageQuery, pageWords } from "./page";

const appSchema = z.object({
  client_id: z.string(),
  name: z.string(),
  kind: z.enum(AppKind),
  type: z.enum(ClientType),
  status: z.enum(AppStatus),
  preset: z.string().describe("The policy's preset"),
  scopes: z.array(z.string()).describe("What it may ask for at most"),
  owner: z.object({ type: z.enum(["user", "company"]), id: z.string(), name: z.string() }),
  created_at: moment,
  last_used_at: moment.nullable(),
});

const statuses = Object.keys(AppStatus).join(", ");

export const listApps = operation({
  method: "GET",
  path: "/admin/v1/apps",
  operationId: "listApps",
  summary: "Every app of the installation, newest first",
  query: z.strictObject({
    ...pageQuery,
    status: z.enum(AppStatus).optional(),
    search: z.string().max(100).describe("Part of a name, or a whole client ID").optional(),
  }),
  queryWords: `${pageWords}, status (${statuses}), search`,
  success: { status: 200, answer: z.object({ apps: z.array(appSchema), next: nextSchema }) },
  run: async (rt, { query }) => {
    const { apps, next } = await listAllApps(rt.db, query);
    return { status: 200, answer: { apps: apps.map(toWire), next } };
  },
});

const detailSchema = appSchema.extend({
  version: z.int().describe("Comes back with a change: it is about what was seen"),
  suspension: z.string().nullable().describe("Why it is suspended, as its owner reads it"),
  verified: z.boolean(),
  people: z.int().describe("How many people allow it"),
  live_tokens: z.int(),
});

export const readApp = operation({
  method: "GET",
  path: "/admin/v1/apps/:id",
  operationId: "readApp",
  summary: "One app",
  success: { status: 200, answer: detailSchema },
  refuses: [404],
  run: async (rt, { adminId, id }) => {
    const app = await findAnyApp(rt.db, adminId, id);
    return app ? { status: 200, answer: toDetail(app) } : { status: 404, what: "app" };
  },
});

/** Suspended with a reason, or working again as it was seen. */
const change = z.discriminatedUnion("status", [
  z.strictObject({ status: z.literal("suspended"), reason: z.string().trim().min(1).max(1000) }),
  z.strictObject({ status: z.literal("active"), version: z.int() }),
]);

export const changeApp = operation({
  method: "PATCH",
  path: "/admin/v1/apps/:id",
  operationId: "changeApp",
  summary: "Suspend an app, or let it work again",
  description: "Takes effect with the next request. Its owner reads the reason.",
  body: change,
  bodyWords: `status "suspended" with a reason, or "active" with the version that was seen`,
  success: { status: 200, answer: detailSchema },
  refuses: [404, 409],
  run: async (rt, { adminId, id: appId, body }) => {
    const done =
      body.status === "suspended"
        ? await suspendApp(rt.db, adminId, appId, body.reason)
        : await resumeApp(rt.db, adminId, { appId, version: body.version });
    const refusal = refusalOf(done);
    if (refusal) return refusal;
    const app = await findAnyApp(rt.db, adminId, appId);
    return app ? { status: 200, answer: toDetail(app) } : { status: 404, what: "app" };
  },
});

export const deleteApp = operation({
  method: "DELETE",
  path: "/admin/v1/apps/:id",
  operationId: "deleteApp",
  summary: "Delete an app with everything it was given",
  query: z.strictObject({ name: z.string().max(200).describe("The app's name, so that no other is meant") }),
  queryWords: "name (the app's)",
  success: { status: 204 },
  refuses: [404, 409],
  run: async (rt, { adminId, id, query }) =>
    refusalOf(await deleteAnyApp(rt.db, adminId, id, query.name)) ?? { status: 204 },
});

function refusalOf(done: Supervised): Exclude<Outcome<never>, { status: 200 | 201 | 204 }> | null {
  switch (done) {
    case "done":
      return null;
    case "changed":
      return { status: 409, why: "it was changed since it was seen, or has another name" };
    case "not_now":
      return { status: 409, why: "it is not in the state for this" };
    default:
      return { status: 404, what: "app" };
  }
}

function toDetail(app: AnyAppDetail): z.output<typeof detailSchema> {
  return {
    ...toWire(app),
    version: app.version,
    suspension: app.suspension,
    verified: app.verifiedAt !== null,
    people: app.people,
    live_tokens: app.liveTokens,
  };
}

function toWire(app: AnyApp): z.output<typeof appSchema> {
  return {
    client_id: app.id,
    name: app.name,
    kind: app.kind,
    type: app.type,
    status: app.status,
    preset: app.policy.preset,
    scopes: [...app.scopes],
    owner: app.owner,
    created_at: app.createdAt.toISOString(),
    last_used_at: app.lastUsedAt?.toISOString() ?? null,
  };
}
