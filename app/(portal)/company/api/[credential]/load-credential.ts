/** The OAuth credentials a page or an action is about, if the signed-in person manages their company. */
import { notFound } from "next/navigation";
import { cache } from "react";
import { z } from "zod";
import { type CredentialDetail, findCredential } from "@/lib/db/credentials";
import { runtime } from "@/lib/server/runtime";
import { requireUser, type SignedInUser } from "@/lib/server/session";

export type CredentialParams = { params: Promise<{ credential: string }> };

const clientId = z.string().regex(/^[\w-]{1,64}$/);

/** One read per request; null for those of another company. */
export const findManaged = cache(
  async (id: unknown): Promise<{ user: SignedInUser; credential: CredentialDetail | null }> => {
    const { data } = clientId.safeParse(id);
    const user = await requireUser(`/company/api${data ? `/${data}` : ""}`);
    return { user, credential: data ? await findCredential(runtime().db, user.id, data) : null };
  },
);

/** The same; those of another company are a 404. */
export async function loadCredential(
  id: unknown,
): Promise<{ user: SignedInUser; credential: CredentialDetail }> {
  const { user, credential } = await findManaged(id);
  if (!credential) notFound();
  return { user, credential };
}
