/** Creates a person's app as a registration that nobody has to approve does. */
import { type AppInput, insertApp } from "../../lib/db/app-registration";
import type { Database } from "../../lib/db/database";

/** @returns the client ID, and the secret's value for this once; null for a public client */
export function createApp(db: Database, ownerId: string, input: AppInput) {
  return db.prisma.$transaction((tx) => insertApp(db, tx, ownerId, input, "", "active"));
}
