/** How much there is of everything. */
import { beforeEach, describe, expect, test } from "vitest";
import { toBytes } from "../../lib/db/bytes";
import { findOverview } from "../../lib/db/overview";
import { mint } from "../../lib/oauth/tokens";
import { onEachDatabase, random } from "../support/databases";

onEachDatabase((on) => {
  beforeEach(async () => {
    await on.db.prisma.app.deleteMany();
    await on.db.prisma.user.deleteMany();
    await on.db.prisma.company.deleteMany();
    await on.db.prisma.token.deleteMany();
  });

  describe("the overview", () => {
    test("of an empty installation says nothing of everything", async () => {
      const none = { count: 0, exact: true };
      expect(await findOverview(on.db)).toEqual({
        ...{ users: none, companies: none, apps: none },
        tokens: { access: none, personal: none, legacy: none },
      });
    });

    test("counts people, companies, apps, and the tokens that live, by their kind", async () => {
      const company = await on.facts.addCompany();
      await on.facts.addServiceAccount(company);
      const ownerId = await on.facts.addUser();
      await on.facts.addApp({ ownerId });
      const at = (seconds: number) => new Date(on.clock.now().getTime() + seconds * 1000);
      const tokens = [
        { kind: "access", expiresAt: at(60) },
        { kind: "access", expiresAt: at(-60) },
        { kind: "personal", expiresAt: null },
        { kind: "personal", expiresAt: at(60) },
      ] as const;
      for (const token of tokens) {
        const { hash, last4 } = mint("at", random);
        const row = { hash: toBytes(hash), last4, scopes: ["read"], createdAt: on.clock.now() };
        await on.db.prisma.token.create({ data: { ...row, ...token } });
      }
      expect(await findOverview(on.db)).toMatchObject({
        ...{ users: { count: 1 }, companies: { count: 1 }, apps: { count: 1, exact: true } },
        tokens: { access: { count: 1 }, personal: { count: 2 }, legacy: { count: 0, exact: true } },
      });
    });

    test("of a large table is an estimate from a few of its pages, and says so", async () => {
      await on.db.pool.query(
        `INSERT INTO tokens (hash, kind, last4, scopes, created_at)
         SELECT sha256(n::text::bytea), 'legacy', 'abcd', '{read}', now() FROM generate_series(1, 20000) AS n`,
      );
      const { tokens } = await findOverview(on.db, 40);
      expect(tokens.legacy.exact).toBe(false);
      expect(tokens.legacy.count).toBeGreaterThan(8_000);
      expect(tokens.legacy.count).toBeLessThan(40_000);
    });
  });
});
