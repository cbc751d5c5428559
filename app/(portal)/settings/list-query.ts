/** The query of a list page: what to search for, and where the page begins. */
import { z } from "zod";

const query = z.object({
  q: z
    .string()
    .trim()
    .max(100)
    .regex(/^\P{Cc}*$/u)
    .catch(""),
  after: z.string().max(200).optional().catch(undefined),
});

export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** An unreadable query is no query. */
export async function listQuery(searchParams: SearchParams): Promise<z.infer<typeof query>> {
  return query.parse(await searchParams);
}

/** Address of a list with these parameters; empty ones are left out. */
export function listHref(path: string, parameters: Record<string, string | null | undefined>): string {
  const set = Object.entries(parameters).flatMap(([name, value]) => (value ? [[name, value]] : []));
  return set.length > 0 ? `${path}?${new URLSearchParams(set)}` : path;
}
