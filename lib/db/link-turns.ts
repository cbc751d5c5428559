/**
 * Two links that end each other, followed at the same moment: each transaction would wait for the row the other has
 * taken. So the second waits here, before it has taken anything. Raw because Prisma's builder has no row locks.
 */
import { hashCredential } from "../oauth/tokens";
import { toBytes } from "./bytes";
import type { Prisma } from "./generated/client";

/** Holds on to the person a link belongs to; whatever changes an account and ends its links begins with that row. */
export async function holdOwner(tx: Prisma.TransactionClient, link: string): Promise<void> {
  const hash = toBytes(hashCredential(link));
  await tx.$queryRaw`
    SELECT 1 AS held FROM users WHERE id = (SELECT user_id FROM one_time_links WHERE hash = ${hash}) FOR UPDATE`;
}

/** Holds on to every sign-up to the address of this one: there is nobody yet. */
export async function holdSignUps(tx: Prisma.TransactionClient, link: string): Promise<void> {
  const hash = toBytes(hashCredential(link));
  await tx.$queryRaw`
    SELECT 1 AS held FROM one_time_links WHERE purpose = 'sign_up'
      AND email = (SELECT email FROM one_time_links WHERE hash = ${hash}) ORDER BY id FOR UPDATE`;
}
