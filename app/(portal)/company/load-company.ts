/** The company a page or an action is about, and what the signed-in person may do there. */
import { redirect } from "next/navigation";
import { cache } from "react";
import { z } from "zod";
import { findStanding, type Standing } from "@/lib/db/company-roles";
import { runtime } from "@/lib/server/runtime";
import { requireUser, type SignedInUser } from "@/lib/server/session";

const companyId = z.string().regex(/^[\w-]{1,64}$/);

/** The company the person works for, as the navigation shows it; null for who belongs to none. */
export const loadCompany = cache(
  async (path: string): Promise<{ user: SignedInUser; company: Standing | null }> => {
    const user = await requireUser(path);
    return { user, company: user.company && (await findStanding(runtime().db, user.id, user.company.id)) };
  },
);

/** The company of a page with a form; who may make nothing there sees why on its list. */
export async function loadCompanyToCreateIn(path: string): Promise<Standing> {
  const { company } = await loadCompany(path);
  if (!company?.manages || !company.apiAccess) redirect("/company/api");
  return company;
}

/** The company of a form whose action makes something; or why this person makes nothing there. */
export async function companyToCreateIn(
  id: FormDataEntryValue | null,
): Promise<{ user: SignedInUser; companyId: string } | { refused: string }> {
  const { data } = companyId.safeParse(id);
  const user = await requireUser("/company/api");
  const company = data ? await findStanding(runtime().db, user.id, data) : null;
  if (!company?.manages)
    return { refused: "Only owners and auth managers of the company can make API credentials." };
  if (!company.apiAccess) return { refused: noPlan(company.name) };
  return { user, companyId: company.id };
}

export function noPlan(company: string): string {
  return `The plan of ${company} does not include the API.`;
}
