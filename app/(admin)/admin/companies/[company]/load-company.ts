/** The company a page of the administration is about. */
import { notFound } from "next/navigation";
import { cache } from "react";
import { z } from "zod";
import { type CompanyDetail, findCompany } from "@/lib/db/all-companies";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin, type SignedInUser } from "@/lib/server/session";

export type CompanyParams = { params: Promise<{ company: string }> };

export const companyId = z.string().regex(/^[\w-]{1,64}$/);

/** One read per request, however many layouts and pages ask; what is not there is a 404. */
export const loadCompany = cache(
  async (id: unknown): Promise<{ admin: SignedInUser; company: CompanyDetail }> => {
    const { data } = companyId.safeParse(id);
    const admin = await requireAdmin(`/admin/companies${data ? `/${data}` : ""}`);
    const company = data ? await findCompany(runtime().db, admin.id, data) : null;
    if (!company) notFound();
    return { admin, company };
  },
);
