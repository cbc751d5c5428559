/** Whom a client works for: an active one for everybody, a pending one for who maintains it (docs/decisions/0010, 0019). */
import type { Client } from "./types";

/** May it make requests at all? For whom they succeed shows once somebody has signed in. */
export function mayRequest({ status }: Pick<Client, "status">): boolean {
  return status === "active" || status === "pending";
}

/**
 * Does it work for this user? Null for a token without one.
 * @param app with whether the user maintains it for its company
 */
export function worksFor(
  app: { status: Client["status"] | null; ownerId: string | null; isMaintained: boolean },
  userId: string | null,
): boolean {
  return (
    app.status === "active" || (app.status === "pending" && (app.isMaintained || app.ownerId === userId))
  );
}
