import { beforeEach, describe, expect, test } from "vitest";
import {
  createPersonalToken,
  hasAllPersonalTokens,
  PERSONAL_TOKEN_LIMIT,
  type PersonalTokenInput,
} from "../../lib/db/personal-tokens";
import { createStore } from "../../lib/db/store";
import { listTokens, revokeToken } from "../../lib/db/tokens";
import { introspectBearer } from "../../lib/oauth/bearer";
import { hashCredential, isWellFormed } from "../../lib/oauth/tokens";
import { onEachDatabase } from "../support/databases";
import { createWorld } from "../support/world";

const DAY_SECONDS = 24 * 60 * 60;

onEachDatabase((on) => {
  let userId: string;
  let companyId: string;
  beforeEach(async () => {
    userId = await on.facts.addUser();
    companyId = await on.facts.addCompany(userId);
  });

  const create = (changes: Partial<PersonalTokenInput> = {}, by = userId) => {
    const input = { name: "Laptop", scopes: ["read"], companyId, allCompanies: false, expiresAt: null };
    return createPersonalToken(on.db, by, { ...input, ...changes });
  };
  const made = async (changes: Partial<PersonalTokenInput> = {}) => {
    const token = await create(changes);
    if (token === null) throw new Error("no token was made");
    return token;
  };
  const ask = (token: string) => {
    const store = createStore(on.db, { client() {}, token() {} });
    return introspectBearer({ ...createWorld().as, now: on.clock.now, store }, token);
  };
  const list = async (of = userId) => (await listTokens(on.db, of)).tokens;
  const days = (count: number) => new Date(on.clock.now().getTime() + count * DAY_SECONDS * 1000);

  describe("making a personal token", () => {
    test("gives a value that is stored as its hash alone, listed, and noted without it", async () => {
      const expiresAt = days(30);
      const token = await made({ scopes: ["read", "write"], expiresAt });
      expect(isWellFormed(token, "pat")).toBe(true);
      expect(await list()).toMatchObject([
        {
          handle: hashCredential(token),
          kind: "personal",
          name: "Laptop",
          app: null,
          company: { id: companyId },
          allCompanies: false,
          scopes: ["read", "write"],
          last4: token.slice(-4),
          expiresAt,
        },
      ]);
      const events = await on.db.prisma.auditEvent.findMany({ where: { actorId: userId } });
      expect(events).toMatchObject([
        {
          action: "token.created",
          companyId,
          details: { kind: "personal", name: "Laptop", last4: token.slice(-4), scopes: "read write" },
        },
      ]);
      const { rows } = await on.db.pool.query("SELECT row_to_json(t)::text AS row FROM tokens t");
      expect(JSON.stringify([rows, events])).not.toContain(token);
    });

    test("puts the brand's word before it", async () => {
      const input = {
        name: "Laptop",
        scopes: ["read"],
        companyId,
        allCompanies: false,
        expiresAt: null,
      };
      expect(await createPersonalToken(on.db, userId, input, "acme_")).toMatch(/^acme_pat_/);
    });

    test("is for members of the company, active ones, and people alone", async () => {
      const elsewhere = await on.facts.addCompany(await on.facts.addUser());
      expect(await create({ companyId: elsewhere })).toBeNull();
      expect(await create({ companyId: "nowhere" })).toBeNull();
      expect(await create({}, "nobody")).toBeNull();
      const service = await on.facts.addServiceAccount(companyId);
      expect(await create({}, service)).toBeNull();
      await on.facts.leave(userId, companyId);
      expect(await create()).toBeNull();
      await on.facts.suspendUser(userId);
      expect(await create({ companyId: null })).toBeNull();
      expect([...(await list()), ...(await list(service))]).toEqual([]);
      expect(await on.db.prisma.auditEvent.count({ where: { actorId: { in: [userId, service] } } })).toBe(0);
    });

    test("ends at a hundred live ones, and goes on when one has ended", async () => {
      for (let count = 1; count < PERSONAL_TOKEN_LIMIT; count++) await made({ expiresAt: days(1) });
      expect(await hasAllPersonalTokens(on.db, userId)).toBe(false);
      const last = await Promise.all([1, 2, 3, 4].map(() => create({ expiresAt: days(1) })));
      expect(last.filter((token) => token !== null)).toHaveLength(1);
      expect(await hasAllPersonalTokens(on.db, userId)).toBe(true);
      expect(await create()).toBeNull();

      const [first] = await list();
      expect(await revokeToken(on.db, userId, first?.handle ?? "")).toBe(true);
      expect(await create()).not.toBeNull();
      expect(await create()).toBeNull();
      on.clock.forward(DAY_SECONDS);
      expect(await create()).not.toBeNull();
    });
  });

  describe("a personal token stands for its owner at that moment", () => {
    test("in the one company it is for", async () => {
      await on.facts.addCompany(userId);
      expect(await ask(await made())).toMatchObject({
        active: true,
        sub: userId,
        kind: "personal",
        company_id: companyId,
        company_ids: [companyId],
        scope: "read",
      });
    });

    test("in all companies, those that come and without those that go", async () => {
      const token = await made({ companyId: null, allCompanies: true });
      expect(await ask(token)).toMatchObject({ company_ids: [companyId] });
      on.clock.forward(1);
      const second = await on.facts.addCompany(userId);
      expect(await ask(token)).toMatchObject({ company_ids: [companyId, second] });
      await on.facts.leave(userId, companyId);
      expect(await ask(token)).toMatchObject({ active: true, company_ids: [second] });
      await on.facts.leave(userId, second);
      expect(await ask(token)).toMatchObject({ active: true, company_ids: [] });
    });

    test("in none, if it was made so, whatever company its owner joins", async () => {
      const token = await made({ companyId: null });
      const answer = await ask(token);
      expect(answer).toMatchObject({ active: true, sub: userId, company_ids: [] });
      expect(answer).not.toHaveProperty("company_id");
    });

    test("is dead when the owner leaves its company, and lives when they come back", async () => {
      const token = await made();
      await on.facts.leave(userId, companyId);
      expect(await ask(token)).toEqual({ active: false });
      expect(await list()).toEqual([]);
      await on.facts.addMember(userId, companyId, "member");
      expect(await ask(token)).toMatchObject({ active: true });
      expect(await list()).toHaveLength(1);
    });

    test("loses what only administrators hold with the office, and nothing else", async () => {
      await on.facts.makeAdmin(userId);
      const token = await made({ scopes: ["read", "admin"] });
      const { issuer } = createWorld().as;
      expect(await ask(token)).toMatchObject({
        scope: "read admin",
        aud: [`${issuer}/public/v1`, `${issuer}/admin/v1`],
      });
      await on.db.prisma.user.update({ where: { id: userId }, data: { isAdmin: false } });
      expect(await ask(token)).toMatchObject({ scope: "read", aud: [`${issuer}/public/v1`] });
    });

    test("is dead while the owner is suspended, and when they are gone", async () => {
      const token = await made();
      await on.facts.suspendUser(userId);
      expect(await ask(token)).toEqual({ active: false });
      await on.db.prisma.user.update({ where: { id: userId }, data: { status: "active" } });
      expect(await ask(token)).toMatchObject({ active: true });
      await on.facts.deleteUser(userId);
      expect(await ask(token)).toEqual({ active: false });
    });

    test("until it expires: then it is neither alive nor listed", async () => {
      const token = await made({ expiresAt: days(7) });
      on.clock.forward(7 * DAY_SECONDS - 1);
      expect(await ask(token)).toMatchObject({ active: true });
      expect(await list()).toHaveLength(1);
      on.clock.forward(1);
      expect(await ask(token)).toEqual({ active: false });
      expect(await list()).toEqual([]);
    });

    test("until its owner revokes it, at once; nobody else can", async () => {
      const token = await made();
      const handle = hashCredential(token);
      expect(await revokeToken(on.db, await on.facts.addUser(), handle)).toBe(false);
      expect(await ask(token)).toMatchObject({ active: true });
      expect(await revokeToken(on.db, userId, handle)).toBe(true);
      expect(await ask(token)).toEqual({ active: false });
    });
  });
});
