/**
 * What administrators do about companies. Whether the actor is one is asked in the transaction that does it, and the
 * audit row is written there.
 */
import { randomId } from "../oauth/tokens";
import { auditRow } from "./audit";
import type { Database } from "./database";
import { createUserIn } from "./user-changes";
import { isActiveAdmin } from "./users";

export interface NewCompany {
  name: string;
  apiAccess: boolean;
  /** Of its first owner: somebody who is here, or somebody who gets a letter. */
  ownerEmail: string;
}

export interface CompanyMade {
  id: string;
  /** What the letter to its owner carries; null for one who was here before. */
  link: string | null;
}

/** Makes a company with its first owner. @returns why not, where there is none */
export async function createCompany(
  db: Database,
  adminId: string,
  { name, apiAccess, ownerEmail }: NewCompany,
): Promise<CompanyMade | "not_admin" | "no_person"> {
  const id = randomId(16, db.random);
  const createdAt = db.now();
  return db.prisma.$transaction(async (tx) => {
    if (!(await isActiveAdmin(tx, adminId))) return "not_admin";
    const email = ownerEmail.toLowerCase();
    const made = await createUserIn(db, tx, adminId, { name: email.split("@", 1)[0] ?? email, email });
    const person = await tx.user.findFirst({
      where: { email, kind: "person", status: "active" },
      select: { id: true },
    });
    if (!person) return "no_person";
    await tx.company.create({ data: { id, name, apiAccess, createdAt } });
    await tx.membership.create({ data: { userId: person.id, companyId: id, role: "owner", createdAt } });
    await tx.auditEvent.create({
      data: auditRow(db, {
        action: "company.created",
        ...{ actorId: adminId, companyId: id, subjectId: person.id },
        details: { name, apiAccess, owner: email },
      }),
    });
    return { id, link: made?.link ?? null };
  });
}

export type CompanyChanged = "done" | "not_admin" | "no_company" | "unchanged";

/** Does the plan include the API? Holds for the next call of every token. */
export async function setApiAccess(
  db: Database,
  adminId: string,
  companyId: string,
  apiAccess: boolean,
): Promise<CompanyChanged> {
  return db.prisma.$transaction(async (tx) => {
    if (!(await isActiveAdmin(tx, adminId))) return "not_admin";
    const { count } = await tx.company.updateMany({
      where: { id: companyId, apiAccess: !apiAccess },
      data: { apiAccess },
    });
    if (count === 0)
      return (await tx.company.count({ where: { id: companyId } })) ? "unchanged" : "no_company";
    await tx.auditEvent.create({
      data: auditRow(db, {
        ...{ action: "company.plan_changed", actorId: adminId, companyId },
        details: { apiAccess },
      }),
    });
    return "done";
  });
}

export async function renameCompany(
  db: Database,
  adminId: string,
  companyId: string,
  name: string,
): Promise<CompanyChanged> {
  return db.prisma.$transaction(async (tx) => {
    if (!(await isActiveAdmin(tx, adminId))) return "not_admin";
    const before = await tx.company.findUnique({ where: { id: companyId }, select: { name: true } });
    if (!before) return "no_company";
    const { count } = await tx.company.updateMany({
      where: { id: companyId, name: { not: name } },
      data: { name },
    });
    if (count === 0) return "unchanged";
    await tx.auditEvent.create({
      data: auditRow(db, {
        ...{ action: "company.changed", actorId: adminId, companyId },
        details: { name, before: before.name },
      }),
    });
    return "done";
  });
}
