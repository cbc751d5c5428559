/** The service account a page is about, for administrators. */
import { notFound } from "next/navigation";
import { cache } from "react";
import { z } from "zod";
import { findServiceAccount, type ServiceAccountDetail } from "@/lib/db/service-accounts";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin, type SignedInUser } from "@/lib/server/session";

export type AccountParams = { params: Promise<{ account: string }> };

const accountId = z.string().regex(/^[\w-]{1,64}$/);

/** One read per request, however many layouts and pages ask; what is not there is a 404. */
export const loadAccount = cache(
  async (id: unknown): Promise<{ user: SignedInUser; account: ServiceAccountDetail }> => {
    const { data } = accountId.safeParse(id);
    const user = await requireAdmin(`/admin/service-accounts${data ? `/${data}` : ""}`);
    const account = data ? await findServiceAccount(runtime().db, user.id, data) : null;
    if (!account) notFound();
    return { user, account };
  },
);
