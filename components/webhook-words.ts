/** Webhook events in words. */
import { type WebhookEventType, webhookEvents } from "@/lib/db/webhook-events";
import type { Choice } from "./ui/check-boxes";

const titles: Record<WebhookEventType, { title: string; description: string }> = {
  "consent.revoked": {
    title: "A person revokes access",
    description: "Their tokens have ended. Delete what you keep for them.",
  },
  "token.revoked": {
    title: "A token is revoked",
    description:
      "By anybody but your own server: the person it acts for, an administrator, a report of a leak.",
  },
  "secret.expiring": {
    title: "A client secret ends soon",
    description: "14 days, 7 days and a day before.",
  },
  "app.suspended": {
    title: "The app is suspended",
    description: "By an administrator: nothing works until it is resumed.",
  },
};

/** @param chosen all of them where nothing was chosen yet */
export function eventChoices(chosen: readonly string[] = webhookEvents): Choice[] {
  return webhookEvents.map((name) => ({ name, ...titles[name], checked: chosen.includes(name) }));
}
