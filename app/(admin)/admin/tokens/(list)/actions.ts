"use server";
/** Looking a credential up, and ending one of anybody's. */
import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { kindWords, standstillWords, stateInWords } from "@/components/inventory-words";
import type { LookedUp } from "@/components/token-lookup";
import type { ActionState } from "@/components/ui/action-state";
import { dateInWords } from "@/components/ui/time-in-words";
import { identifyCredential } from "@/lib/db/credential-lookup";
import { credentialKinds } from "@/lib/db/inventory-filter";
import { revokeCredentialAsAdmin } from "@/lib/db/inventory-revocation";
import type { InventoryRow } from "@/lib/db/inventory-row";
import { parseCredentialSearch, startOfCredential } from "@/lib/server/credential-search";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin, requireFreshAdmin } from "@/lib/server/session";
import { path, tokensHref } from "../filters";

const typed = z.string().max(300).catch("");

/**
 * What was pasted is hashed here and goes nowhere else: it is in no address, no log and no answer. What is only an end
 * becomes an address, like every other filter.
 */
export async function lookUpCredential(
  _: ActionState<LookedUp>,
  form: FormData,
): Promise<ActionState<LookedUp>> {
  await requireAdmin(path);
  const search = parseCredentialSearch(typed.parse(form.get("credential")));
  if ("problem" in search) return { ok: false, errors: { credential: search.problem } };
  if ("last4" in search) redirect(tokensHref({ kind: search.kind, ends: search.last4 }));
  const found = await identifyCredential(runtime().db, search.hash);
  if (!found)
    return {
      ok: false,
      errors: {
        credential: "It has our shape, but nothing is known of it: it ended long ago, or never was.",
      },
    };
  return { ok: true, ...described(found) };
}

function described(row: InventoryRow): LookedUp {
  const now = runtime().db.now();
  const { kind, last4, name, user, company, app, scopes, allCompanies, expiresAt, lastUsedAt } = row;
  const works = row.ended === null && row.standstill === null;
  const whose = [user?.email, app?.name, allCompanies ? "all companies" : company?.name].filter(Boolean);
  return {
    start: startOfCredential(kind, last4),
    works,
    href: tokensHref({
      ...(row.ended && { show: "ended" as const }),
      kind,
      user: user?.id,
      app: app?.id,
      ends: kind === "refresh" ? undefined : last4,
    }),
    facts: [
      ["What it is", name ? `${kindWords[kind]} “${name}”` : kindWords[kind]],
      ["State", row.standstill ? standstillWords[row.standstill] : stateInWords(row, now)],
      ["Whose", whose.join(" · ") || "Nobody's"],
      ["May do", works ? scopes.join(" ") || "Nothing" : "Nothing any more"],
      ["Last used", lastUsedAt ? dateInWords(lastUsedAt, now) : "Never"],
      ["Expires", expiresAt ? dateInWords(expiresAt, now) : "Never"],
    ],
  };
}

const fields = z.object({
  kind: z.enum(credentialKinds),
  key: z.string().regex(/^[0-9A-Za-z_-]{1,64}$/),
});

export async function revokeOneCredential(_: ActionState, form: FormData): Promise<ActionState> {
  const admin = await requireFreshAdmin(path);
  const parsed = fields.safeParse({ kind: form.get("kind"), key: form.get("key") });
  const { db } = runtime();
  const done =
    parsed.success && (await revokeCredentialAsAdmin(db, admin.id, parsed.data.kind, parsed.data.key));
  if (!done) return { ok: false, errors: { form: "This has ended already." } };
  revalidatePath(path);
  return { ok: true };
}
