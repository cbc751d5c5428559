/** The person a page of the administration is about. */
import { notFound } from "next/navigation";
import { cache } from "react";
import { z } from "zod";
import { findUser, type UserDetail } from "@/lib/db/all-users";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin, type SignedInUser } from "@/lib/server/session";

export type UserParams = { params: Promise<{ user: string }> };

export const userId = z.string().regex(/^[\w-]{1,64}$/);

/** One read per request, however many layouts and pages ask; who is not there is a 404. */
export const loadUser = cache(async (id: unknown): Promise<{ admin: SignedInUser; user: UserDetail }> => {
  const { data } = userId.safeParse(id);
  const admin = await requireAdmin(`/admin/users${data ? `/${data}` : ""}`);
  const user = data ? await findUser(runtime().db, admin.id, data) : null;
  if (!user) notFound();
  return { admin, user };
});
