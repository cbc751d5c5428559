/** The query of an app's Activity: a request id, or an endpoint and an outcome to narrow the counts to. */
import { z } from "zod";
import { apis } from "../../latchkey.config";

/** What requests are counted under, in the words of the page. */
export const endpointNames: readonly { endpoint: string; label: string }[] = [
  { endpoint: "/oauth/authorize", label: "Authorize" },
  { endpoint: "/oauth/token", label: "Token" },
  { endpoint: "/oauth/introspect", label: "Introspect" },
  { endpoint: "/oauth/revoke", label: "Revoke" },
  { endpoint: apis.public.path, label: "API" },
];

const query = z.object({
  request: z
    .string()
    .trim()
    .max(64)
    .regex(/^[\w-]*$/)
    .catch(""),
  endpoint: z
    .enum(endpointNames.map(({ endpoint }) => endpoint))
    .optional()
    .catch(undefined),
  outcome: z.enum(["ok", "refused"]).optional().catch(undefined),
  after: z.string().max(200).optional().catch(undefined),
});

export type ActivityQuery = z.infer<typeof query>;

/** An unreadable part is no part. */
export function activityQuery(parameters: Record<string, string | string[] | undefined>): ActivityQuery {
  return query.parse(parameters);
}
