/** Searching by how something begins: what an index in the order of characters can answer. */

/** A LIKE pattern for what begins with these words, in lower case, its own signs taken as they are. */
export function beginningWith(words: string): string {
  return `${words.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
}
