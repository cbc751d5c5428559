/** The app a page is about, if the signed-in person maintains it. */
import { notFound } from "next/navigation";
import { cache } from "react";
import { z } from "zod";
import { type AppDetail, findApp } from "@/lib/db/apps";
import { runtime } from "@/lib/server/runtime";
import { requireUser, type SignedInUser } from "@/lib/server/session";

export type AppParams = { params: Promise<{ app: string }> };

const appId = z.string().regex(/^[\w-]{1,64}$/);

/** One read per request, however many layouts and pages ask; null for somebody else's app. */
export const findOwnApp = cache(
  async (id: unknown): Promise<{ user: SignedInUser; app: AppDetail | null }> => {
    const { data } = appId.safeParse(id);
    const user = await requireUser(`/settings/api-access/apps${data ? `/${data}` : ""}`);
    return { user, app: data ? await findApp(runtime().db, user.id, data) : null };
  },
);

/** The same; somebody else's app is a 404. */
export async function loadApp(id: unknown): Promise<{ user: SignedInUser; app: AppDetail }> {
  const { user, app } = await findOwnApp(id);
  if (!app) notFound();
  return { user, app };
}
