/** An app's secrets with what is known of their use: what ending one would stop, and who still sends one that has ended. */
import { type SecretRow, toSecretRow } from "./client-secrets";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Of the secrets that have ended, those shown. */
const ENDED_SHOWN = 5;
/** Of those that work; rotating again and again within one overlap makes no endless page. */
const LIVE_SHOWN = 50;

export interface UsedSecret extends SecretRow {
  /** How often it was presented in the last 24 hours. */
  usesOfDay: number;
}

export interface AppSecrets {
  /** Those that work, newest first. */
  live: UsedSecret[];
  /** Those that were sent after their end, last sent first. */
  stillSent: UsedSecret[];
}

/** @param whose whose app it must be; nothing for another's */
export async function listSecrets(
  db: Database,
  appId: string,
  whose: Prisma.AppWhereInput,
): Promise<AppSecrets> {
  const now = db.now();
  const app = { AND: [whose, { id: appId }] };
  const [live, ended] = await Promise.all([
    db.prisma.clientSecret.findMany({
      where: { app, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      take: LIVE_SHOWN,
    }),
    db.prisma.clientSecret.findMany({
      where: { app, expiresAt: { lte: now }, lastUsedAt: { gt: db.prisma.clientSecret.fields.expiresAt } },
      orderBy: [{ lastUsedAt: "desc" }, { id: "desc" }],
      take: ENDED_SHOWN,
    }),
  ]);
  const uses = await usesOfDay(
    db,
    [...live, ...ended].map(({ id }) => id),
  );
  const counted = (row: SecretRow): UsedSecret => ({
    ...toSecretRow(row),
    usesOfDay: uses.get(row.id) ?? 0,
  });
  return { live: live.map(counted), stillSent: ended.map(counted) };
}

async function usesOfDay(db: Database, secretIds: readonly string[]): Promise<Map<string, number>> {
  const sums = await db.prisma.secretUse.groupBy({
    by: ["secretId"],
    where: { secretId: { in: [...secretIds] }, hour: { gt: new Date(db.now().getTime() - DAY_MS) } },
    _sum: { count: true },
  });
  return new Map(sums.map(({ secretId, _sum }) => [secretId, _sum.count ?? 0]));
}
