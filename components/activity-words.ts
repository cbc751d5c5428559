/** What happened to an app, as sentences. */
import type { ChangeRow } from "@/lib/db/activity";
import { wordsOf } from "./audit-words";

/** Who it was where nobody did it. */
const actorless: Record<string, string> = { "policy.lapsed": "An end date", "secret.retired": "Silence" };

/** Who did what, and what is worth knowing about it, one line each. */
export function activityWords(change: ChangeRow): { title: string; lines: string[] } {
  const { title, lines } = wordsOf(change);
  const who = change.actorName ?? actorless[change.action] ?? "Somebody";
  return { title: `${who} ${title}`, lines };
}
