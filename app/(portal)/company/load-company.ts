/** The company a page or an action is about, and what the signed-in person may do there. */
import { notFound, redirect } from "next/navigation";
import { z } from "zod";
import { findStanding, isManaging, type Standing } from "@/lib/db/company-roles";
import { runtime } from "@/lib/server/runtime";
import { requireUser, type SignedInUser } from "@/lib/server/session";
import { listHref, type SearchParams } from "../settings/list-query";

const companyId = z.string().regex(/^[\w-]{1,64}$/);

/** A company's API page. */
export function apiHref(company: string | null, after: string | null = null): string {
  return listHref("/company/api", { company, after });
}

/**
 * The company that `?company=` names; without it the first one the person manages, else the first they belong to, and
 * null for who belongs to none. A company of others is a 404.
 */
export async function loadCompany(
  path: string,
  searchParams: SearchParams,
): Promise<{ user: SignedInUser; company: Standing | null }> {
  const { company: named } = await searchParams;
  const { data: id } = companyId.safeParse(named);
  const user = await requireUser(listHref(path, { company: id }));
  if (named !== undefined && id === undefined) notFound();
  const first = user.companies.find(({ role }) => isManaging(role)) ?? user.companies[0];
  const chosen = id ?? first?.id;
  if (chosen === undefined) return { user, company: null };
  const company = await findStanding(runtime().db, user.id, chosen);
  if (!company) notFound();
  return { user, company };
}

/** The company of a page with a form; who may make nothing there sees why on its list. */
export async function loadCompanyToCreateIn(path: string, searchParams: SearchParams): Promise<Standing> {
  const { company } = await loadCompany(path, searchParams);
  if (!company?.manages || !company.apiAccess) redirect(apiHref(company?.id ?? null));
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
