/** Credentials of every kind in the administration API: tokens, refresh tokens, client secrets. Never a value. */
import { z } from "zod";
import { brand } from "../../../../latchkey.config";
import { identifyCredential } from "../../../db/credential-lookup";
import { listInventory } from "../../../db/inventory";
import { credentialKinds } from "../../../db/inventory-filter";
import { revokeCredentialAsAdmin } from "../../../db/inventory-revocation";
import type { InventoryRow } from "../../../db/inventory-row";
import { hashCredential, isWellFormed } from "../../../oauth/tokens";
import { operation } from "./operation";
import { moment, nextSchema, pageQuery, pageWords } from "./page";

const kinds = z.enum(credentialKinds);
const id = z.string().regex(/^[\w-]{1,64}$/);
const named = z.object({ id: z.string(), name: z.string() });

const credentialSchema = z.object({
  id: z.string().describe("Names it here; says nothing about its value"),
  kind: kinds,
  last4: z.string(),
  name: z.string().nullable(),
  app: named.nullable(),
  user: named.extend({ email: z.string() }).nullable(),
  company: named.nullable(),
  scopes: z.array(z.string()),
  created_at: moment,
  last_used_at: moment.nullable(),
  last_used_address: z.string().nullable(),
  expires_at: moment.nullable(),
  works: z.boolean().describe("Alive, and everybody behind it still there"),
  ended: z
    .object({ at: moment, reason: z.enum(["revoked", "replaced", "expired", "leaked"]) })
    .nullable()
    .describe("null while it has not ended"),
});

export const listTokens = operation({
  method: "GET",
  path: "/admin/v1/tokens",
  operationId: "listTokens",
  summary: "Every credential of the installation, newest first",
  query: z.strictObject({
    ...pageQuery,
    kind: kinds.optional(),
    state: z.enum(["active", "ended"]).optional(),
    user_id: id.optional(),
    client_id: id.optional(),
    company_id: id.optional(),
    last4: z
      .string()
      .regex(/^[0-9A-Za-z]{4}$/)
      .optional(),
  }),
  queryWords: `${pageWords}, kind (${credentialKinds.join(", ")}), state (active, ended), user_id, client_id, company_id, last4`,
  success: { status: 200, answer: z.object({ tokens: z.array(credentialSchema), next: nextSchema }) },
  run: async (rt, { query: { user_id, client_id, company_id, ...query } }) => {
    const whose = { userId: user_id, appId: client_id, companyId: company_id };
    const { credentials, next } = await listInventory(rt.db, { ...query, ...whose });
    return { status: 200, answer: { tokens: credentials.map(toWire), next } };
  },
});

export const lookUpToken = operation({
  method: "POST",
  path: "/admin/v1/tokens/lookup",
  operationId: "lookUpToken",
  summary: "What a token or secret is, by its value",
  description: "The value is hashed and kept nowhere.",
  body: z.strictObject({ token: z.string().min(1).max(500) }),
  bodyWords: "token",
  success: { status: 200, answer: credentialSchema },
  refuses: [404],
  run: async (rt, { body: { token } }) => {
    const known = isWellFormed(token, undefined, brand.credentialPrefix)
      ? await identifyCredential(rt.db, hashCredential(token))
      : null;
    return known ? { status: 200, answer: toWire(known) } : { status: 404, what: "credential" };
  },
});

export const revokeToken = operation({
  method: "DELETE",
  path: "/admin/v1/tokens/:id",
  operationId: "revokeToken",
  summary: "End a credential, with what it came with",
  query: z.strictObject({ kind: kinds }),
  queryWords: `kind (${credentialKinds.join(", ")})`,
  success: { status: 204 },
  refuses: [404],
  run: async (rt, { adminId, id, query: { kind } }) =>
    (await revokeCredentialAsAdmin(rt.db, adminId, kind, id))
      ? { status: 204 }
      : { status: 404, what: "credential" },
});

function toWire(row: InventoryRow): z.output<typeof credentialSchema> {
  const { kind, key, last4, name, app, user, company, scopes, ended } = row;
  return {
    ...{ id: key, kind, last4, name, user, company, scopes },
    app: app && { id: app.id, name: app.name },
    created_at: row.createdAt.toISOString(),
    last_used_at: row.lastUsedAt?.toISOString() ?? null,
    last_used_address: row.lastUsedAddress,
    expires_at: row.expiresAt?.toISOString() ?? null,
    works: ended === null && row.standstill === null,
    ended: ended && { at: ended.at.toISOString(), reason: ended.reason },
  };
}
