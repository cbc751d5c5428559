/** Who is signed in, for server components and server actions. */
import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import type { SignedInUser } from "../db/sessions";
import { signedInUser } from "./auth";
import { isFresh } from "./fresh";
import { runtime } from "./runtime";

export type { SignedInUser } from "../db/sessions";

/** The person who sends this request; looked up once a request. */
export const currentUser = cache(
  async (): Promise<SignedInUser | null> =>
    signedInUser(runtime(), (await headers()).get("cookie") ?? undefined),
);

/** The person who sends this request; nobody is sent to sign in first and comes back to `returnTo`. */
export async function requireUser(returnTo: string): Promise<SignedInUser> {
  const user = await currentUser();
  if (!user) redirect(`/login?next=${encodeURIComponent(returnTo)}`);
  return user;
}

/** An administrator of this installation; for everybody else who is signed in there is nothing here. */
export async function requireAdmin(returnTo: string): Promise<SignedInUser> {
  const user = await requireUser(returnTo);
  if (!user.isAdmin) notFound();
  return user;
}

/**
 * A person who proved who they are a short while ago: what cannot be taken back asks again first, so that a browser left
 * open, or a stolen cookie, is not enough. They come back to `returnTo` and do it then.
 */
export async function requireFreshUser(returnTo: string): Promise<SignedInUser> {
  const user = await requireUser(returnTo);
  if (!isFresh(runtime(), user)) redirect(`/login/confirm?next=${encodeURIComponent(returnTo)}`);
  return user;
}

/** An administrator who proved who they are a short while ago. */
export async function requireFreshAdmin(returnTo: string): Promise<SignedInUser> {
  const user = await requireAdmin(returnTo);
  if (!isFresh(runtime(), user)) redirect(`/login/confirm?next=${encodeURIComponent(returnTo)}`);
  return user;
}
