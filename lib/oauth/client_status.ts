/** Whom a client works for: an active one for everybody, a pending one for its owner alone (docs/decisions/0010). */
import type { Client } from "./types";

/** May it make requests at all? For whom they succeed shows once somebody has signed in. */
export function mayRequest({ status }: Pick<Client, "status">): boolean {
  return status === "active" || status === "pending";
}

/** Does it work for this user? Null for a token without one. */
export function worksFor(
  { status, ownerId }: { status: Client["status"] | null; ownerId: string | null },
  userId: string | null,
): boolean {
  return status === "active" || (status === "pending" && ownerId === userId);
}
