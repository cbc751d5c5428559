"use server";
/** Ending what was counted, and nothing that came after. */
import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { BulkRevoked } from "@/components/bulk-revoke";
import type { ActionState } from "@/components/ui/action-state";
import { countInventory } from "@/lib/db/inventory";
import { credentialKinds } from "@/lib/db/inventory-filter";
import { revokeAll } from "@/lib/db/inventory-revocation";
import { runtime } from "@/lib/server/runtime";
import { requireFreshAdmin } from "@/lib/server/session";
import { path, tokensHref } from "../filters";

const id = z.string().regex(/^[\w-]{1,64}$/);
const fields = z.object({
  kind: z.enum(credentialKinds).optional(),
  user: id.optional(),
  app: id.optional(),
  company: id.optional(),
  until: z.iso.datetime().transform((text) => new Date(text)),
});

/** How long one press of the button may take, in milliseconds; the next one goes on. */
const BUDGET_MS = 15_000;

export async function revokeCounted(
  _: ActionState<BulkRevoked>,
  form: FormData,
): Promise<ActionState<BulkRevoked>> {
  const text = (name: string) => form.get(name) ?? undefined;
  const parsed = fields.safeParse({
    ...{ kind: text("kind"), user: text("user"), app: text("app"), company: text("company") },
    until: text("until"),
  });
  const admin = await requireFreshAdmin(
    parsed.success ? tokensHref({ ...parsed.data }, `${path}/revoke`) : path,
  );
  const { db } = runtime();
  // A moment that is still to come would take what nobody has counted.
  if (!parsed.success || parsed.data.until > db.now())
    return { ok: false, errors: { form: "Load this page again: what it counted is not clear any more." } };
  const { user: userId, app: appId, company: companyId, kind, until } = parsed.data;
  const filter = { kind, userId, appId, companyId, until };
  const stop = performance.now() + BUDGET_MS;
  const revoked = await revokeAll(db, admin.id, filter, () => performance.now() > stop);
  if (revoked === null)
    return { ok: false, errors: { form: "Say whose credentials you mean: an app, a user or a company." } };
  const left = Object.values(await countInventory(db, filter)).reduce((sum, count) => sum + count, 0);
  revalidatePath(path);
  return { ok: true, revoked, left };
}
