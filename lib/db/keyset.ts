/** Keyset pagination: a cursor names the last row seen by its moment and its id. */

/** A page of rows under its own name, and the cursor of the next page. */
export type Page<Name extends string, Row> = { [name in Name]: Row[] } & { next: string | null };

export function toCursor(at: Date, id: string): string {
  return `${at.getTime().toString(36)}.${id}`;
}

/** The moment and id of a cursor; null for none, or for one that is not ours (the first page then). */
export function afterCursor(cursor: string | undefined): { at: Date; id: string } | null {
  const match = /^([0-9a-z]{1,9})\.([0-9A-Za-z_-]{1,64})$/.exec(cursor ?? "");
  const [, time, id] = match ?? [];
  return time && id ? { at: new Date(Number.parseInt(time, 36)), id } : null;
}
