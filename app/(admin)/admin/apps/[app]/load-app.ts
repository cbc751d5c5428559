/** The app a page of the administration is about, whoever owns it. */
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { z } from "zod";
import { type AnyAppDetail, findAnyApp } from "@/lib/db/all-apps";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin, type SignedInUser } from "@/lib/server/session";

export type AppParams = { params: Promise<{ app: string }> };

export const appId = z.string().regex(/^[\w-]{1,64}$/);

/** One read per request, however many layouts and pages ask; what is not there is a 404. */
export const loadApp = cache(async (id: unknown): Promise<{ admin: SignedInUser; app: AnyAppDetail }> => {
  const { data } = appId.safeParse(id);
  const admin = await requireAdmin(`/admin/apps${data ? `/${data}` : ""}`);
  const app = data ? await findAnyApp(runtime().db, admin.id, data) : null;
  if (!app) notFound();
  // The key of a service account has no page of its own.
  if (app.kind === "service_account") redirect(`/admin/service-accounts/${app.owner.id}`);
  return { admin, app };
});
