/** The app a page is about, if it is the signed-in person's own. */
import { notFound } from "next/navigation";
import { cache } from "react";
import { z } from "zod";
import { type AppDetail, findApp } from "@/lib/db/apps";
import { runtime } from "@/lib/server/runtime";
import { requireUser, type SignedInUser } from "@/lib/server/session";

export type AppParams = { params: Promise<{ app: string }> };

const appId = z.string().regex(/^[\w-]{1,64}$/);

/** One read per request, however many layouts and pages ask. Somebody else's app is a 404. */
export const loadApp = cache(async (id: unknown): Promise<{ user: SignedInUser; app: AppDetail }> => {
  const parsed = appId.safeParse(id);
  const user = await requireUser(
    parsed.success ? `/settings/api-access/apps/${parsed.data}` : "/settings/api-access/apps",
  );
  const app = parsed.success && (await findApp(runtime().db, user.id, parsed.data));
  if (!app) notFound();
  return { user, app };
});
