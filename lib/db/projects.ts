/** Projects, what the sample API serves: always within the companies the caller reaches. */
import { randomId } from "../oauth/tokens";
import type { Database } from "./database";

export interface Project {
  id: string;
  name: string;
  companyId: string;
  createdAt: Date;
  updatedAt: Date;
}

/** Most projects one answer lists. */
const LIMIT = 200;

export async function listProjects(db: Database, companyIds: string[]): Promise<Project[]> {
  return db.prisma.project.findMany({
    where: { companyId: { in: companyIds } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: LIMIT,
  });
}

export async function findProject(db: Database, companyIds: string[], id: string): Promise<Project | null> {
  return db.prisma.project.findFirst({ where: { id, companyId: { in: companyIds } } });
}

/** The caller has checked that the company is reached. */
export async function createProject(db: Database, companyId: string, name: string): Promise<Project> {
  const now = db.now();
  return db.prisma.project.create({
    data: { id: randomId(16, db.random), companyId, name, createdAt: now, updatedAt: now },
  });
}

/** @returns null when the caller does not reach the project */
export async function renameProject(
  db: Database,
  companyIds: string[],
  id: string,
  name: string,
): Promise<Project | null> {
  const [project] = await db.prisma.project.updateManyAndReturn({
    where: { id, companyId: { in: companyIds } },
    data: { name, updatedAt: db.now() },
  });
  return project ?? null;
}

/** @returns false when the caller does not reach the project */
export async function deleteProject(db: Database, companyIds: string[], id: string): Promise<boolean> {
  const { count } = await db.prisma.project.deleteMany({ where: { id, companyId: { in: companyIds } } });
  return count === 1;
}
