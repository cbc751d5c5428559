/** Changes of a policy as lines of an app's activity. */
import { z } from "zod";
import { labelOf, switches } from "@/lib/oauth/switches";
import { dateInWords } from "./ui/time-in-words";

/** What `policy.changed` keeps of each switch; see `changePolicy`. */
const changed = z.record(
  z.string(),
  z.object({ before: z.unknown(), after: z.unknown(), until: z.iso.datetime().nullable() }),
);

/** "Proof key (PKCE): Required, S256 (was Optional; …)", one line a switch. */
export function switchChanges(details: unknown, now = new Date()): string[] {
  const { data } = changed.safeParse(details);
  return Object.entries(data ?? {}).flatMap(([key, { before, after, until }]) => {
    const line = switches.find((one) => one.key === key);
    if (!line) return [];
    const moved = JSON.stringify(before) !== JSON.stringify(after);
    const was = moved ? ` (was: ${labelOf(line, before)})` : "";
    const end = until ? `, until ${dateInWords(new Date(until), now)}` : "";
    return [`${line.title}: ${labelOf(line, after)}${end}${was}`];
  });
}

/** The titles of switches by their keys. */
export function switchTitles(keys: unknown): string[] {
  return switches.filter(({ key }) => Array.isArray(keys) && keys.includes(key)).map(({ title }) => title);
}
