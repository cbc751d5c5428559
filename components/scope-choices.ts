/** The scope catalogue as a form offers it. */
import { scopes } from "@/latchkey.config";
import type { Choice } from "./ui/check-boxes";

/** What a new app is proposed: everything that everyone can give to it. */
const proposed = Object.entries(scopes).flatMap(([name, { holders }]) =>
  holders === "everyone" ? [name] : [],
);

/** @param ticked the names of those that are ticked at first */
export function scopeChoices(ticked: readonly string[] = proposed): Choice[] {
  return Object.entries(scopes).map(([name, { title, description }]) => ({
    name,
    title,
    description,
    checked: ticked.includes(name),
  }));
}
