"use server";
/** Making a personal token: its value travels in this answer and nowhere else. */
import { revalidatePath } from "next/cache";
import type { CreateTokenState } from "@/components/create-token";
import { exactTime } from "@/components/ui/time-in-words";
import { apis, brand, scopes as catalogue } from "@/latchkey.config";
import { createPersonalToken, hasAllPersonalTokens, PERSONAL_TOKEN_LIMIT } from "@/lib/db/personal-tokens";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";
import { parseTokenForm, tokenMaker } from "@/lib/server/token-form";

export async function createOneToken(_: CreateTokenState, form: FormData): Promise<CreateTokenState> {
  const user = await requireUser("/settings/api-access/tokens/new");
  const { db, env } = runtime();
  const parsed = parseTokenForm(form, await tokenMaker(user));
  if (!parsed.ok) return parsed;
  const { input, typed } = parsed;
  const token = await createPersonalToken(db, user.id, input, brand.credentialPrefix);
  if (token === null) return { ok: false, errors: { form: await whyNot(user.id) }, typed };
  revalidatePath("/settings/api-access/tokens");
  const expires = input.expiresAt && exactTime(input.expiresAt);
  return { ok: true, name: input.name, token, expires, tryOn: tryOn(env.issuer, input.scopes) };
}

async function whyNot(userId: string): Promise<string> {
  return (await hasAllPersonalTokens(runtime().db, userId))
    ? `You have ${PERSONAL_TOKEN_LIMIT} personal tokens, and nobody can have more. Revoke one you no longer need.`
    : "Your companies have changed meanwhile. Load this page again.";
}

/** Where the token can be shown to work: every API says at `/me` whom a token stands for. */
function tryOn(issuer: string, granted: readonly string[]): string | null {
  if (granted.includes("read")) return `${issuer}${apis.public.path}/projects`;
  const [first] = Object.entries(catalogue).filter(([name]) => granted.includes(name));
  return first ? `${issuer}${apis[first[1].api].path}/me` : null;
}
