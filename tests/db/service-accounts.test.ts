import { beforeEach, describe, expect, test } from "vitest";
import { toBytes } from "../../lib/db/bytes";
import {
  createServiceAccount,
  deleteServiceAccount,
  issueApiSecret,
  resetServicePassword,
  revokeApiSecret,
  type ServiceAccountInput,
  setServiceAccountStatus,
} from "../../lib/db/service-account-changes";
import {
  companiesForAdmin,
  findServiceAccount,
  findServiceCredentials,
  listServiceAccounts,
} from "../../lib/db/service-accounts";
import { createStore } from "../../lib/db/store";
import { findUserForSignIn } from "../../lib/db/users";
import { hashCredential, isWellFormed, mint, randomId } from "../../lib/oauth/tokens";
import { onEachDatabase, random } from "../support/databases";

onEachDatabase((on) => {
  let admin: string;
  let company: string;
  let input: ServiceAccountInput;
  beforeEach(async () => {
    admin = await on.facts.addUser();
    await on.facts.makeAdmin(admin);
    company = await on.facts.addCompany();
    const username = `sync-${randomId(8, random).toLowerCase()}`;
    input = { name: "Nightly sync", username, companyId: company, scopes: ["read"], passwordHash: "hash-1" };
  });

  async function made(changes: Partial<ServiceAccountInput> = {}) {
    const created = await createServiceAccount(on.db, admin, { ...input, ...changes });
    if (typeof created === "string") throw new Error(created);
    on.clock.forward(1);
    return created;
  }

  const silent = { client() {}, token() {} };
  const store = () => createStore(on.db, silent);
  const minted = () => {
    const [access, refresh] = [mint("at", random), mint("rt", random)];
    const stored = { tokenHash: access.hash, tokenLast4: access.last4, familyId: randomId(20, random) };
    return { ...stored, refreshHash: refresh.hash, refreshLast4: refresh.last4 };
  };
  const issueTo = (apiKey: string, secret: string) =>
    store().issueToClient(
      {
        ...minted(),
        client: { method: "client_secret_basic", client_id: apiKey, secretHash: hashCredential(secret) },
        scopes: null,
        basicScopes: ["read"],
      },
      on.clock.now(),
    );
  /** What the password grant would leave: a token of another app that stands for the account. */
  async function tokenThrough(appId: string, userId: string) {
    const { tokenHash, tokenLast4 } = minted();
    const hash = toBytes(tokenHash);
    const row = { hash, kind: "access" as const, last4: tokenLast4, createdAt: on.clock.now() };
    await on.db.prisma.token.create({
      data: { ...row, appId, userId, allCompanies: true, scopes: ["read"] },
    });
    return tokenHash;
  }
  const audit = (appId: string) =>
    on.db.prisma.auditEvent.findMany({ where: { appId }, orderBy: [{ at: "asc" }, { action: "asc" }] });
  /** Every row a service account could consist of, or leave behind. */
  const everything = async () => {
    const { prisma } = on.db;
    const tables = [
      prisma.user,
      prisma.app,
      prisma.clientSecret,
      prisma.membership,
      prisma.auditEvent,
    ] as const;
    return JSON.stringify([
      await tables[0].findMany({ orderBy: { id: "asc" } }),
      await tables[1].findMany({ orderBy: { id: "asc" } }),
      await tables[2].findMany({ orderBy: { id: "asc" } }),
      await tables[3].count(),
      await tables[4].count(),
    ]);
  };

  describe("making a service account", () => {
    test("VVT-14 its key is the principal of client credentials: an account, not a registered application", async () => {
      const { id, apiKey, secret } = await made({ scopes: ["read", "write"] });
      expect(isWellFormed(secret, "cs")).toBe(true);
      const issued = await issueTo(apiKey, secret);
      expect(issued).toMatchObject({ scopes: ["read"], refreshes: true });
      const [token] = await on.db.prisma.token.findMany({ where: { appId: apiKey } });
      expect(token).toMatchObject({ userId: id, companyId: null, allCompanies: true });
      const facts = await store().findToken(Buffer.from(token?.hash ?? []).toString("base64url"));
      expect(facts).toMatchObject({ userId: id, companyIds: [company], userStatus: "active" });
    });

    test("is noted, and neither the secret nor the password is kept", async () => {
      const { apiKey, secret } = await made();
      expect(await audit(apiKey)).toMatchObject([
        {
          action: "service_account.created",
          actorId: admin,
          companyId: company,
          details: { name: "Nightly sync", username: input.username, scopes: "read" },
        },
      ]);
      const left = JSON.stringify([await everything(), await audit(apiKey)]);
      expect(left).not.toContain(secret);
      expect(JSON.stringify(await audit(apiKey))).not.toContain("hash-1");
    });

    test("is for administrators: not for a company's owner, an auth manager, a member, nor a suspended administrator", async () => {
      const before = new Map<string, string>();
      for (const role of ["owner", "auth_manager", "member"] as const) {
        const person = await on.facts.addUser();
        await on.facts.addMember(person, company, role);
        before.set(person, role);
      }
      const former = await on.facts.addUser();
      await on.facts.makeAdmin(former);
      await on.facts.suspendUser(former);
      const rows = await everything();
      for (const person of [...before.keys(), former, "nobody"])
        expect(await createServiceAccount(on.db, person, input)).toBe("not_admin");
      expect(await everything()).toBe(rows);
    });

    test("leaves nothing behind when the username is taken or the company is not there", async () => {
      await made();
      const rows = await everything();
      expect(await createServiceAccount(on.db, admin, input)).toBe("username_taken");
      const nowhere = { ...input, username: "somebody-else", companyId: "nowhere" };
      expect(await createServiceAccount(on.db, admin, nowhere)).toBe("no_company");
      expect(await everything()).toBe(rows);
    });

    test("of one name several times at once makes one", async () => {
      const made = await Promise.all(
        Array.from({ length: 5 }, () => createServiceAccount(on.db, admin, input)),
      );
      expect(made.filter((one) => one === "username_taken")).toHaveLength(4);
      expect(await on.db.prisma.user.count({ where: { email: input.username } })).toBe(1);
    });

    test("makes nobody who could sign in on a page", async () => {
      const { id } = await made();
      expect(await findUserForSignIn(on.db, input.username)).toBeNull();
      expect(await findServiceCredentials(on.db, input.username)).toMatchObject({
        id,
        passwordHash: "hash-1",
      });
    });

    test("and a person is nobody to the password grant", async () => {
      const email = `person-${randomId(6, random).toLowerCase()}`;
      await on.facts.addUser(email);
      expect(await findServiceCredentials(on.db, email)).toBeNull();
    });
  });

  describe("seeing service accounts", () => {
    test("is for administrators; others see an empty list, and nothing under its address", async () => {
      const { id } = await made();
      const owner = await on.facts.addUser();
      await on.facts.addMember(owner, company, "owner");
      for (const person of [owner, id, "nobody"]) {
        expect(await listServiceAccounts(on.db, person)).toEqual({ accounts: [], next: null });
        expect(await findServiceAccount(on.db, person, id)).toBeNull();
        expect(await companiesForAdmin(on.db, person)).toEqual([]);
      }
      expect((await listServiceAccounts(on.db, admin)).accounts.map((account) => account.id)).toContain(id);
      expect((await companiesForAdmin(on.db, admin)).map((one) => one.id)).toContain(company);
    });

    test("shows who made it, for which company, and the last four characters of its secrets alone", async () => {
      const { id, apiKey, secret } = await made();
      const account = await findServiceAccount(on.db, admin, id);
      const maker = await on.db.prisma.user.findUniqueOrThrow({ where: { id: admin } });
      expect(account).toMatchObject({
        ...{ name: "Nightly sync", username: input.username, apiKey, status: "active", scopes: ["read"] },
        ...{ company: { id: company }, createdBy: maker.name, liveTokens: 0, lastUsedAt: null },
        secrets: [{ last4: secret.slice(-4), expiresAt: null }],
      });
      expect(JSON.stringify(account)).not.toContain(secret);
      expect(JSON.stringify(account)).not.toContain("hash-1");
    });

    test("a person has no account's page, whoever asks", async () => {
      expect(await findServiceAccount(on.db, admin, admin)).toBeNull();
    });

    test("searches names, usernames and whole API Keys, and pages", async () => {
      const word = randomId(8, random);
      const first = await made({ name: `${word} one`, username: `${word.toLowerCase()}-1` });
      on.clock.forward(1);
      const second = await made({ name: `${word} two`, username: `${word.toLowerCase()}-2` });
      const found = async (search: string) =>
        (await listServiceAccounts(on.db, admin, { search })).accounts.map(({ id }) => id);
      expect(await found(word.toUpperCase())).toEqual([second.id, first.id]);
      expect(await found(`${word.toLowerCase()}-1`)).toEqual([first.id]);
      expect(await found(second.apiKey)).toEqual([second.id]);
      expect(await found("%_\\")).toEqual([]);
      const page = await listServiceAccounts(on.db, admin, { search: word, limit: 1 });
      expect(page.accounts.map(({ id }) => id)).toEqual([second.id]);
      const rest = await listServiceAccounts(on.db, admin, {
        search: word,
        limit: 1,
        after: page.next ?? "",
      });
      expect([rest.accounts.map(({ id }) => id), rest.next]).toEqual([[first.id], null]);
    });
  });

  describe("changing a service account", () => {
    test("is for administrators: others change nothing", async () => {
      const { id, apiKey, secret } = await made();
      const owner = await on.facts.addUser();
      await on.facts.addMember(owner, company, "owner");
      const [row] = await on.db.prisma.clientSecret.findMany({ where: { appId: apiKey } });
      const before = await everything();
      for (const person of [owner, id, "nobody"]) {
        expect(await issueApiSecret(on.db, person, apiKey, 0)).toBeNull();
        expect(await revokeApiSecret(on.db, person, apiKey, row?.id ?? "")).toBe(false);
        expect(await resetServicePassword(on.db, person, id, "hash-2")).toBe(false);
        expect(await setServiceAccountStatus(on.db, person, id, "suspended")).toBe(false);
        expect(await deleteServiceAccount(on.db, person, id)).toBe(false);
      }
      expect(await everything()).toBe(before);
      expect(await issueTo(apiKey, secret)).not.toBeNull();
    });

    test("reaches service accounts alone: a person and a person's app stay as they are", async () => {
      const person = await on.facts.addUser();
      const app = await on.facts.addApp({ ownerId: person });
      const [row] = await on.db.prisma.clientSecret.findMany({ where: { appId: app.client_id } });
      const before = await everything();
      expect(await issueApiSecret(on.db, admin, app.client_id, 0)).toBeNull();
      expect(await revokeApiSecret(on.db, admin, app.client_id, row?.id ?? "")).toBe(false);
      expect(await resetServicePassword(on.db, admin, person, "hash-2")).toBe(false);
      expect(await setServiceAccountStatus(on.db, admin, person, "suspended")).toBe(false);
      expect(await deleteServiceAccount(on.db, admin, person)).toBe(false);
      expect(await everything()).toBe(before);
    });

    test("a new API Secret lets the old one work until the overlap is over, and is noted", async () => {
      const { apiKey, secret } = await made();
      const next = (await issueApiSecret(on.db, admin, apiKey, 3600)) ?? "";
      expect([await issueTo(apiKey, secret), await issueTo(apiKey, next)]).not.toContain(null);
      on.clock.forward(3600);
      expect(await issueTo(apiKey, secret)).toBeNull();
      expect(await issueTo(apiKey, next)).not.toBeNull();
      expect((await audit(apiKey)).at(-1)).toMatchObject({
        action: "secret.rotated",
        actorId: admin,
        details: { last4: next.slice(-4), overlapSeconds: 3600 },
      });
    });

    test("a revoked API Secret ends at once, and once", async () => {
      const { id, apiKey, secret } = await made();
      const [row] = (await findServiceAccount(on.db, admin, id))?.secrets ?? [];
      expect(await revokeApiSecret(on.db, admin, apiKey, row?.id ?? "")).toBe(true);
      expect(await issueTo(apiKey, secret)).toBeNull();
      expect(await revokeApiSecret(on.db, admin, apiKey, row?.id ?? "")).toBe(false);
      expect((await findServiceAccount(on.db, admin, id))?.secrets).toEqual([]);
    });

    test("a new password ends what the old one opened, and leaves what the key issued", async () => {
      const { id, apiKey, secret } = await made();
      const other = await on.facts.addApp();
      const opened = await tokenThrough(other.client_id, id);
      await issueTo(apiKey, secret);
      expect(await resetServicePassword(on.db, admin, id, "hash-2")).toBe(true);
      expect((await findServiceCredentials(on.db, input.username))?.passwordHash).toBe("hash-2");
      expect(await store().findToken(opened)).toBeNull();
      expect(await on.db.prisma.token.count({ where: { userId: id } })).toBe(1);
      expect((await audit(apiKey)).at(-1)).toMatchObject({
        action: "service_account.changed",
        details: { password: "reset", tokens: 1 },
      });
    });

    test("a suspended account gets no token and its tokens stand for nobody, until it is reactivated", async () => {
      const { id, apiKey, secret } = await made();
      await issueTo(apiKey, secret);
      const [token] = await on.db.prisma.token.findMany({ where: { appId: apiKey } });
      const hash = Buffer.from(token?.hash ?? []).toString("base64url");
      const status = async () => (await store().findToken(hash))?.userStatus;
      expect(await setServiceAccountStatus(on.db, admin, id, "suspended")).toBe(true);
      expect([await issueTo(apiKey, secret), await status()]).toEqual([null, "suspended"]);
      expect(await findServiceCredentials(on.db, input.username)).toBeNull();
      expect((await findServiceAccount(on.db, admin, id))?.status).toBe("suspended");
      expect(await setServiceAccountStatus(on.db, admin, id, "active")).toBe(true);
      expect(await status()).toBe("active");
      expect(await issueTo(apiKey, secret)).not.toBeNull();
    });

    test("a deleted account is gone with its key, its secrets and its tokens, whichever app they came through", async () => {
      const { id, apiKey, secret } = await made();
      const other = await on.facts.addApp();
      const opened = await tokenThrough(other.client_id, id);
      await issueTo(apiKey, secret);
      expect(await deleteServiceAccount(on.db, admin, id)).toBe(true);
      expect(await deleteServiceAccount(on.db, admin, id)).toBe(false);
      expect([await issueTo(apiKey, secret), await store().findToken(opened)]).toEqual([null, null]);
      const { prisma } = on.db;
      expect([
        await prisma.user.count({ where: { id } }),
        await prisma.app.count({ where: { id: apiKey } }),
        await prisma.clientSecret.count({ where: { appId: apiKey } }),
        await prisma.token.count({ where: { userId: id } }),
        await prisma.refreshFamily.count({ where: { appId: apiKey } }),
        await prisma.membership.count({ where: { userId: id } }),
      ]).toEqual([0, 0, 0, 0, 0, 0]);
      expect((await audit(apiKey)).at(-1)).toMatchObject({
        action: "service_account.deleted",
        actorId: admin,
        details: { name: "Nightly sync", username: input.username, tokens: 2 },
      });
      expect(await prisma.app.count({ where: { id: other.client_id } })).toBe(1);
    });

    test("deleting it several times at once happens once", async () => {
      const { id, apiKey } = await made();
      const done = await Promise.all(Array.from({ length: 4 }, () => deleteServiceAccount(on.db, admin, id)));
      expect(done.filter(Boolean)).toHaveLength(1);
      expect(await audit(apiKey)).toHaveLength(2);
    });
  });
});
