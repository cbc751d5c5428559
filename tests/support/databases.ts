/** The databases the tests run on: an embedded one in memory, and a fresh one beside TEST_DATABASE_URL where that is set. */
import { randomBytes } from "node:crypto";
import path from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe } from "vitest";
import { z } from "zod";
import { deleteApp } from "../../lib/db/app-registration";
import { toBytes } from "../../lib/db/bytes";
import { newSecret } from "../../lib/db/client-secrets";
import { revokeConsent } from "../../lib/db/consents";
import { type Database, type DatabaseOptions, openDatabase } from "../../lib/db/database";
import { migrate } from "../../lib/db/migrate";
import { policyColumns } from "../../lib/db/policies";
import { changeInstance, findInstance } from "../../lib/db/settings";
import { policySchema } from "../../lib/oauth/policy";
import { hashCredential, mint, randomId } from "../../lib/oauth/tokens";
import { createApp } from "./create-app";
import {
  type AppFacts,
  appFacts,
  changedPolicy,
  type Facts,
  ownerOf,
  policyFacts,
  type TestApp,
} from "./facts";
import { type Clock, createClock } from "./world";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const migrations = path.join(root, "prisma", "migrations");

export interface TestLocation {
  location: DatabaseOptions["location"];
  drop(): Promise<void>;
}

const server = process.env.TEST_DATABASE_URL;

/** A new, empty database of the server's, to be dropped afterwards. */
export async function createPostgresql(url: string): Promise<TestLocation & { url: string }> {
  const name = `latchkey_test_${randomBytes(8).toString("hex")}`;
  const run = async (sql: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await run(`CREATE DATABASE ${name} TEMPLATE template0`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return {
    url: own.href,
    location: { url: own.href },
    drop: () => run(`DROP DATABASE ${name} WITH (FORCE)`),
  };
}

/** Every database there is here; without TEST_DATABASE_URL the tests on PostgreSQL do not exist. */
export const databases: readonly { name: string; create(): Promise<TestLocation> }[] = [
  { name: "PGlite", create: async () => ({ location: { folder: null }, drop: async () => {} }) },
  ...(server ? [{ name: "PostgreSQL", create: () => createPostgresql(server) }] : []),
];

/** The server of TEST_DATABASE_URL, for what only a real PostgreSQL can show. */
export const postgresqlServers: readonly string[] = server ? [server] : [];

export const random = (bytes: number): Uint8Array => randomBytes(bytes);

/** A database with nothing in it but its tables; `close` also drops it. */
export async function openTestDatabase(
  { create }: (typeof databases)[number],
  now: () => Date,
  { migrated = true } = {},
): Promise<Database> {
  const { location, drop } = await create();
  const db = await openDatabase({ location, now, random });
  if (migrated) await migrate(db, migrations);
  const close = async () => {
    await db.close();
    await drop();
  };
  return { ...db, close };
}

/** The facts of a test, in a database. */
export function databaseFacts(db: Database): Facts {
  const { prisma } = db;
  const facts: Facts = {
    async addUser(email = `${randomId(12, random).toLowerCase()}@example.test`) {
      const id = randomId(16, random);
      const name = email.split("@", 1)[0] ?? "";
      const at = db.now();
      await prisma.user.create({
        data: { id, email, name, passwordHash: "", emailVerifiedAt: at, createdAt: at },
      });
      return id;
    },
    async makeAdmin(id) {
      await prisma.user.update({ where: { id }, data: { isAdmin: true } });
    },
    async addServiceAccount(companyId) {
      const id = await facts.addUser(`service-${randomId(8, random).toLowerCase()}`);
      await prisma.user.update({ where: { id }, data: { kind: "service" } });
      if (companyId !== undefined) await facts.addMember(id, companyId, "member");
      return id;
    },
    async addCompany(...memberIds) {
      const id = randomId(16, random);
      await prisma.company.create({ data: { id, name: `Company ${id}`, createdAt: db.now() } });
      for (const userId of memberIds) await facts.addMember(userId, id, "member");
      return id;
    },
    async addMember(userId, companyId, role) {
      await prisma.membership.upsert({
        where: { userId_companyId: { userId, companyId } },
        create: { userId, companyId, role, createdAt: db.now() },
        update: { role, createdAt: db.now() },
      });
    },
    async leave(userId, companyId) {
      await prisma.membership.delete({ where: { userId_companyId: { userId, companyId } } });
    },
    async addMaintainer(appId, userId) {
      await prisma.appMaintainer.create({ data: { appId, userId, createdAt: db.now() } });
    },
    async suspendUser(id) {
      await prisma.user.update({ where: { id }, data: { status: "suspended" } });
    },
    async deleteUser(id) {
      await prisma.user.delete({ where: { id } });
    },
    async addApp(app = {}) {
      const owner = await ownerOf(app, () => facts.addUser());
      const made = appFacts(app, owner);
      if (owner.ownerId === null) return addCompanyApp(db, made);
      const { id, secret } = await createApp(db, owner.ownerId, { ...made, purpose: null, logo: undefined });
      if (Object.keys(made.policy).length > 0) await facts.setPolicy(id, made.policy);
      if (made.status !== "active") await facts.setStatus(id, made.status);
      return { client_id: id, secret: secret ?? "" };
    },
    async addSecret(appId, expiresAt) {
      const { value, hash, last4 } = mint("cs", random);
      const id = randomId(16, random);
      await prisma.clientSecret.create({
        data: { id, appId, hash: toBytes(hash), last4, createdAt: db.now(), expiresAt },
      });
      return value;
    },
    async endSecret(appId, secret, expiresAt) {
      const hash = toBytes(hashCredential(secret));
      await prisma.clientSecret.update({ where: { appId, hash }, data: { expiresAt } });
    },
    async setStatus(id, status) {
      await prisma.app.update({ where: { id }, data: { status } });
    },
    async setScopes(id, scopes) {
      await prisma.app.update({ where: { id }, data: { scopes: [...scopes] } });
    },
    async setPolicy(id, policy) {
      const app = await prisma.app.findUniqueOrThrow({ where: { id } });
      const changed = changedPolicy(policySchema.parse(app.policy), policy, db.now());
      await prisma.app.update({ where: { id }, data: policyColumns(changed) });
    },
    async setInstance(instance) {
      const adminId = await facts.addUser();
      await facts.makeAdmin(adminId);
      await changeInstance(db, adminId, { ...(await findInstance(db)), ...instance });
    },
    async lapsesOf(appId) {
      const where = { appId, action: "policy.lapsed" };
      const events = await prisma.auditEvent.findMany({ where, orderBy: { at: "asc" } });
      return events.map(({ details }) => lapse.parse(details).switches);
    },
    async receiptsOf(userId, appId) {
      const receipts = await prisma.consentReceipt.findMany({
        where: { userId, appId },
        orderBy: [{ at: "asc" }, { id: "asc" }],
      });
      return receipts.map(({ shown }) => shown);
    },
    async deleteApp(id) {
      const { ownerId } = await prisma.app.findUniqueOrThrow({ where: { id } });
      if (ownerId === null) throw new Error("a company's app is deleted by those who manage it");
      await deleteApp(db, ownerId, id);
    },
    async withdrawConsents(userId, client_id) {
      await revokeConsent(db, userId, client_id);
    },
    async dropConsents(userId, appId) {
      await prisma.consent.deleteMany({ where: { userId, appId } });
    },
    async dropApp(id) {
      await prisma.app.delete({ where: { id } });
    },
  };
  return facts;
}

/** What the audit event of a policy that fell back says. */
const lapse = z.object({ switches: z.array(z.string()) });

/** A company's own credential, as those who manage the company would make it. */
async function addCompanyApp(db: Database, made: AppFacts): Promise<TestApp> {
  const id = randomId(12, random);
  const secret = made.type === "confidential" ? mint("cs", random) : null;
  await db.prisma.app.create({
    data: {
      ...{ id, kind: made.kind, companyId: made.companyId, createdAt: db.now() },
      ...{ name: made.name, type: made.type, status: made.status, scopes: [...made.scopes] },
      ...policyColumns(policyFacts(made, db.now())),
      redirectMatch: "exact",
      ...(made.kind === "registered" &&
        made.redirect.match === "exact" && {
          redirectUris: { create: made.redirect.uris.map((uri, position) => ({ uri, position })) },
        }),
      ...(secret && { secrets: { create: newSecret(db, secret) } }),
    },
  });
  return { client_id: id, secret: secret?.value ?? "" };
}

/** An open database, with its facts and its clock. */
export interface OpenDatabase {
  readonly db: Database;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** One suite for every database; `on` has it from the first hook on. */
export function onEachDatabase(suite: (on: OpenDatabase) => void): void {
  describe.each(databases)("on $name", (database) => {
    const clock = createClock();
    let db: Database;
    beforeAll(async () => {
      db = await openTestDatabase(database, clock.now);
    });
    afterAll(() => db?.close());
    suite({
      clock,
      get db() {
        return db;
      },
      get facts() {
        return databaseFacts(db);
      },
    });
  });
}
