/** Who is signed in, for server components and server actions. */
import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import type { SignedInUser } from "../db/sessions";
import { signedInUser } from "./auth";
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
