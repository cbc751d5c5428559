/** The form of a webhook endpoint, as a browser sent it. */
import { z } from "zod";
import type { EndpointInput } from "../db/webhook-endpoints";
import { webhookEvents } from "../db/webhook-events";
import { findTarget, type TargetRules } from "./webhook-target";

const fields = z.object({
  url: z
    .string({ error: "Enter the URL of your endpoint." })
    .trim()
    .min(1, "Enter the URL of your endpoint."),
  events: z
    .array(z.enum(webhookEvents, "Choose from these events."))
    .min(1, "Choose at least one event.")
    .max(webhookEvents.length, "Choose from these events."),
});

export type ParsedEndpoint =
  | { ok: true; input: EndpointInput }
  | { ok: false; errors: Record<string, string> };

/** Checks the address, too: an endpoint that cannot be sent to is not saved. */
export async function parseEndpointForm(form: FormData, rules: TargetRules): Promise<ParsedEndpoint> {
  const [url, ...more] = form.getAll("url");
  const parsed = fields.safeParse({ url: more.length > 0 ? undefined : url, events: form.getAll("event") });
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => [String(path[0]), message] as const);
    return { ok: false, errors: Object.fromEntries(errors.reverse()) };
  }
  const { events } = parsed.data;
  const target = await findTarget(parsed.data.url, rules);
  if ("refused" in target) return { ok: false, errors: { url: target.refused } };
  return { ok: true, input: { url: target.url.href, events: [...new Set(events)] } };
}
