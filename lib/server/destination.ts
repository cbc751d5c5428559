/** Where a sign-in is to lead, carried along through every step that may come before it. */
import { z } from "zod";
import { ownPath } from "./own-path";

/** The id of a stored authorize request, or a path of ours; short enough for a cookie. */
export const destinationSchema = z.object({
  request: z.string().max(200).optional().catch(undefined),
  next: z.string().max(2000).optional().catch(undefined),
});

export type Destination = z.infer<typeof destinationSchema>;

/** @param fields a form or a query that may name a destination */
export function destinationOf(fields: { get(name: string): string | undefined }): Destination {
  return destinationSchema.parse({ request: fields.get("request"), next: fields.get("next") });
}

/** Where somebody goes who has just signed in. */
export function leadsTo({ request, next }: Destination): string {
  return request ? `/oauth/authorize/continue?${new URLSearchParams({ request })}` : ownPath(next);
}

/**
 * The address of a page in between, with the destination in its query.
 * @param said what that page has to say
 */
export function onTheWay(
  path: string,
  { request, next }: Destination,
  said: Record<string, string> = {},
): string {
  const query = new URLSearchParams({
    ...said,
    ...(request ? { request } : next && { next: ownPath(next) }),
  });
  return query.size > 0 ? `${path}?${query}` : path;
}
