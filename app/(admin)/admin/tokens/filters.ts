/** The filters of the list of every credential, as its address says them. */
import { z } from "zod";
import { listHref, type SearchParams } from "@/app/(portal)/settings/list-query";
import { credentialKinds, type InventoryFilter } from "@/lib/db/inventory-filter";

export const path = "/admin/tokens";

const id = z
  .string()
  .regex(/^[\w-]{1,64}$/)
  .optional()
  .catch(undefined);

/** An unreadable filter is none. */
const filters = z.object({
  show: z.enum(["ended"]).optional().catch(undefined),
  kind: z.enum(credentialKinds).optional().catch(undefined),
  /** An id, or an e-mail address that was typed. */
  user: z
    .string()
    .trim()
    .max(254)
    .regex(/^[^\s\p{Cc}]+$/u)
    .optional()
    .catch(undefined),
  app: id,
  company: id,
  ends: z
    .string()
    .regex(/^[0-9A-Za-z]{4}$/)
    .optional()
    .catch(undefined),
});

export type TokenFilters = z.infer<typeof filters>;

export async function tokenFilters(searchParams: SearchParams): Promise<TokenFilters> {
  return filters.parse(await searchParams);
}

export function toFilter({ kind, user, app, company, ends }: TokenFilters): InventoryFilter {
  return { kind, userId: user, appId: app, companyId: company, last4: ends };
}

export function tokensHref(chosen: TokenFilters & { after?: string | null }, to = path): string {
  return listHref(to, chosen);
}
