import { beforeEach, describe, expect, test } from "vitest";
import {
  createPersonalToken,
  hasAllPersonalTokens,
  PERSONAL_TOKEN_LIMIT,
  type PersonalTokenInput,
  type Replacement,
  regeneratePersonalToken,
} from "../../lib/db/personal-tokens";
import { createStore } from "../../lib/db/store";
import { listTokens } from "../../lib/db/token-list";
import { revokeToken } from "../../lib/db/token-revocation";
import { hashCredential, isWellFormed } from "../../lib/oauth/tokens";
import { onEachDatabase } from "../support/databases";
import { introspectBearer } from "../support/introspection";
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

  describe("making a new token in the place of one", () => {
    const replace = (token: string, changes: Partial<Replacement> = {}, by = userId) =>
      regeneratePersonalToken(on.db, by, hashCredential(token), {
        overlapSeconds: 0,
        expiresAt: null,
        ...changes,
      });

    test("gives one with the same name, scopes, company and networks, and ends the old one at once", async () => {
      const old = await made({ scopes: ["read", "write"], allowedAddresses: ["203.0.113.0/24"] });
      const replaced = await replace(old, { expiresAt: days(7) });
      expect(replaced).toMatchObject({ name: "Laptop", scopes: ["read", "write"] });
      expect(isWellFormed(replaced?.value ?? "", "pat")).toBe(true);
      expect(await ask(old)).toEqual({ active: false });
      expect(await list()).toMatchObject([
        {
          ...{ handle: hashCredential(replaced?.value ?? ""), name: "Laptop", scopes: ["read", "write"] },
          ...{ company: { id: companyId }, expiresAt: days(7), allowedAddresses: ["203.0.113.0/24"] },
          isReplaced: false,
        },
      ]);
      const [event] = await on.db.prisma.auditEvent.findMany({
        where: { action: "token.regenerated", actorId: userId },
      });
      expect(event).toMatchObject({ companyId, details: { replaces: old.slice(-4), overlapSeconds: 0 } });
      expect(JSON.stringify(event)).not.toContain(replaced?.value);
    });

    test("lets the old one work for as long as was said, and never longer than it would have", async () => {
      const [long, short] = [await made(), await made({ expiresAt: days(1) })];
      await replace(long, { overlapSeconds: DAY_SECONDS });
      await replace(short, { overlapSeconds: 7 * DAY_SECONDS });
      const marked = (await list()).filter(({ isReplaced }) => isReplaced);
      expect(marked.map(({ expiresAt }) => expiresAt)).toEqual([days(1), days(1)]);
      on.clock.forward(DAY_SECONDS - 1);
      expect(await ask(long)).toMatchObject({ active: true });
      on.clock.forward(1);
      expect(await ask(long)).toEqual({ active: false });
    });

    test("makes one successor, however often it is asked for at the same moment", async () => {
      for (const overlapSeconds of [0, 3600]) {
        const old = await made();
        const all = await Promise.all([1, 2, 3, 4].map(() => replace(old, { overlapSeconds })));
        expect(all.filter((one) => one !== null)).toHaveLength(1);
        expect(await replace(old, { overlapSeconds })).toBeNull();
      }
      expect((await list()).filter(({ isReplaced }) => !isReplaced)).toHaveLength(2);
    });

    test("revoked at the same moment, the old one has ended whoever came first", async () => {
      for (let round = 0; round < 5; round++) {
        const old = await made();
        const handle = hashCredential(old);
        const [revoked, replaced] = await Promise.all([
          revokeToken(on.db, userId, handle),
          replace(old, { overlapSeconds: 3600 }),
        ]);
        expect(revoked).toBe(true);
        expect(await ask(old)).toEqual({ active: false });
        if (replaced) expect(await ask(replaced.value)).toMatchObject({ active: true });
      }
    });

    test("is for its owner alone, while they may have it, and for a token that works", async () => {
      const old = await made();
      expect(await replace(old, {}, await on.facts.addUser())).toBeNull();
      expect(await replace(`${old}x`)).toBeNull();
      expect(
        await regeneratePersonalToken(on.db, userId, "\0", { overlapSeconds: 0, expiresAt: null }),
      ).toBeNull();
      await on.facts.leave(userId, companyId);
      expect(await replace(old)).toBeNull();
      await on.facts.addMember(userId, companyId, "member");
      const ended = await made({ expiresAt: days(1) });
      on.clock.forward(DAY_SECONDS);
      expect(await replace(ended)).toBeNull();
      expect(await replace(old)).not.toBeNull();
    });

    test("needs no room among the hundred, but cannot be done without end", async () => {
      const token = await made();
      const fill = (count: number, from: number, replaced: boolean) =>
        on.db.pool.query(
          `INSERT INTO tokens (hash, kind, last4, user_id, scopes, created_at, replaced_by)
           SELECT sha256(convert_to($1 || n, 'UTF8')), 'personal', 'aaaa', $1, '{read}', $2,
             CASE WHEN $3 THEN sha256('x'::bytea) END FROM generate_series($4::int, $5::int) AS n`,
          [userId, on.clock.now(), replaced, from, from + count - 1],
        );
      await fill(PERSONAL_TOKEN_LIMIT - 1, 0, false);
      expect(await create()).toBeNull();
      const next = await replace(token, { overlapSeconds: 3600 });
      expect(next).not.toBeNull();
      await fill(PERSONAL_TOKEN_LIMIT - 1, 1000, true);
      expect(await replace(next?.value ?? "", { overlapSeconds: 3600 })).toBeNull();
    });
  });

  describe("a personal token for some networks alone", () => {
    const from = (token: string, address?: string) => {
      const store = createStore(on.db, { client() {}, token() {} });
      return introspectBearer({ ...createWorld().as, now: on.clock.now, store }, token, address);
    };

    test("works from there, and is refused from elsewhere and from nowhere", async () => {
      const token = await made({ allowedAddresses: ["203.0.113.0/24", "2001:db8::/32"] });
      for (const address of ["203.0.113.9", "2001:db8::1", "::ffff:203.0.113.9"])
        expect(await from(token, address)).toMatchObject({ active: true });
      for (const address of ["203.0.114.9", "2001:db9::1", "", "noise", undefined])
        expect(await from(token, address)).toEqual({ active: false });
    });

    test("without a list it works from everywhere, and stores nothing for it", async () => {
      const token = await made();
      expect(await from(token)).toMatchObject({ active: true });
      const { rows } = await on.db.pool.query("SELECT allowed_addresses FROM tokens WHERE user_id = $1", [
        userId,
      ]);
      expect(rows).toEqual([{ allowed_addresses: null }]);
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
