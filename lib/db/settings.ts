/** What administrators decided for the whole installation: one row, changed with its audit event. */
import { z } from "zod";
import { defaultInstance, type Instance, instanceSchema } from "../oauth/instance";
import { auditRow } from "./audit";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import { isActiveAdmin } from "./users";

const KEY = "instance";

/** What was decided; what was not is as an installation starts. */
export async function findInstance(db: Database): Promise<Instance> {
  const { rows } = await db.pool.query<{ value: unknown }>({
    name: "find_setting",
    text: "SELECT value FROM settings WHERE key = $1",
    values: [KEY],
  });
  return instanceOf(rows[0]?.value);
}

/** The same for a write that rests on it: whoever changes it meanwhile waits for this transaction. */
export async function holdInstance(tx: Prisma.TransactionClient): Promise<Instance> {
  // Raw because Prisma's builder has no row locks.
  const rows = await tx.$queryRaw<
    { value: unknown }[]
  >`SELECT value FROM settings WHERE key = ${KEY} FOR SHARE`;
  return instanceOf(rows[0]?.value);
}

/** What a newer version has decided beside that is nothing to this one, while both serve. */
const storedInstance = z.object(instanceSchema.shape);

function instanceOf(stored: unknown): Instance {
  return storedInstance.parse({ ...defaultInstance, ...Object(stored) });
}

/** Who changed it last, and when; null when nobody has yet. A person who is gone has no name. */
export async function findInstanceChange(db: Database): Promise<{ at: Date; by: string | null } | null> {
  const row = await db.prisma.setting.findUnique({ where: { key: KEY } });
  if (!row) return null;
  const person = row.changedById && (await db.prisma.user.findUnique({ where: { id: row.changedById } }));
  return { at: row.changedAt, by: person ? person.name : null };
}

/** @returns false when the person is not an administrator */
export async function changeInstance(db: Database, actorId: string, instance: Instance): Promise<boolean> {
  return db.prisma.$transaction(async (tx) => {
    if (!(await isActiveAdmin(tx, actorId))) return false;
    const row = { value: instance, changedAt: db.now(), changedById: actorId };
    await tx.setting.upsert({ where: { key: KEY }, create: { key: KEY, ...row }, update: row });
    await tx.auditEvent.create({
      data: auditRow(db, { action: "settings.changed", actorId, details: instance }),
    });
    return true;
  });
}
