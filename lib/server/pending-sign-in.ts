/**
 * Between the two steps of a sign-in: a sealed cookie that says who showed their password, or came from the provider, a
 * short while ago. There is no session yet, and nothing but the second step takes it.
 */
import { z } from "zod";
import { limits } from "../../latchkey.config";
import { findUserForSignIn, type UserCredentials } from "../db/users";
import { after } from "../oauth/server";
import { hashCredential } from "../oauth/tokens";
import { hostCookie, parseCookies } from "./cookies";
import type { Runtime } from "./runtime";

const PURPOSE = "pending sign-in";
const cookie = (rt: Pick<Runtime, "env">) => hostCookie(rt.env.issuer, "latchkey.pending", "Lax");

const content = z.object({
  userId: z.string(),
  email: z.string(),
  /** Of the password they had then, which is none for some: with another one, the first step was not passed. */
  password: z.string(),
  until: z.number(),
});

export type PendingUser = Pick<UserCredentials, "id" | "email" | "passwordHash">;

/** The Set-Cookie value for who has passed the first step. */
export function pendingCookie(rt: Runtime, { id, email, passwordHash }: PendingUser): string {
  const until = after(rt.db.now(), limits.secondStepSeconds).getTime();
  const text = JSON.stringify({ userId: id, email, password: hashCredential(passwordHash), until });
  const sealed = Buffer.from(rt.keys.seal(PURPOSE, "", text)).toString("base64url");
  const { name, attributes } = cookie(rt);
  return `${name}=${sealed}; Max-Age=${limits.secondStepSeconds}; ${attributes}`;
}

/** The Set-Cookie value that takes it away. */
export function noPendingCookie(rt: Runtime): string {
  const { name, attributes } = cookie(rt);
  return `${name}=; Max-Age=0; ${attributes}`;
}

/** Who has passed the first step in time, with the password they still have. */
export async function pendingUser(
  rt: Runtime,
  cookieHeader: string | undefined,
): Promise<PendingUser | null> {
  const sealed = parseCookies(cookieHeader)[cookie(rt).name];
  const opened = sealed ? rt.keys.unseal(PURPOSE, "", Buffer.from(sealed, "base64url")) : null;
  if (!opened) return null;
  const { userId, email, password, until } = content.parse(JSON.parse(opened.text));
  if (until <= rt.db.now().getTime()) return null;
  const user = await findUserForSignIn(rt.db, email);
  return user?.id === userId && hashCredential(user.passwordHash) === password ? user : null;
}
