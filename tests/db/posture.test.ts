import { beforeEach, describe, expect, test } from "vitest";
import { updateApp } from "../../lib/db/app-registration";
import { Observations } from "../../lib/db/observations";
import { countEndlessTokens, findPosture, isUnneeded, type PostureKey } from "../../lib/db/posture";
import type { Trait } from "../../lib/oauth/switches";
import { switches } from "../../lib/oauth/switches";
import { onEachDatabase } from "../support/databases";

const DAY = 24 * 60 * 60;

onEachDatabase((on) => {
  beforeEach(async () => {
    await on.db.prisma.app.deleteMany();
    await on.db.prisma.requestTrait.deleteMany();
  });

  const lineOf = async (key: PostureKey) => (await findPosture(on.db)).lines.find((line) => line.key === key);
  async function observe(appId: string, traits: readonly Trait[], times = 1) {
    const observations = new Observations(on.db, (error) => {
      throw error;
    });
    for (let time = 0; time < times; time++) observations.observe(appId, traits);
    await observations.close();
  }

  test("is empty where every app is as current practice wants it", async () => {
    await on.facts.addApp();
    await on.facts.addApp({ preset: "machine" });
    expect(await findPosture(on.db)).toEqual({ lines: [], apps: 0, complete: true });
  });

  test("names each weaker switch with its sentence, its app, its owner and since when", async () => {
    const ownerId = await on.facts.addUser("anna@example.test");
    const { client_id } = await on.facts.addApp({ ownerId, name: "Ledger", preset: "perpetual" });
    const { lines, apps } = await findPosture(on.db);
    expect(apps).toBe(1);
    expect(lines.map(({ key }) => key).sort()).toEqual(
      ["access_seconds", "default_scope", "pkce", "response_include"].sort(),
    );
    const line = lines.find(({ key }) => key === "access_seconds");
    expect(line?.spec).toBe(switches.find(({ key }) => key === "access_seconds")?.spec);
    expect(line?.uses).toEqual([
      {
        app: { id: client_id, name: "Ledger", logoId: null },
        ownerName: "anna",
        value: "Does not expire",
        since: on.clock.now().toISOString(),
        until: null,
        need: { count: 0, lastAt: null },
      },
    ]);
  });

  test("has a company's own credentials under the company's name", async () => {
    const companyId = await on.facts.addCompany();
    await on.facts.addApp({ ownerId: null, companyId, preset: "machine", policy: { pkce: "if_sent" } });
    expect((await lineOf("pkce"))?.uses).toMatchObject([{ ownerName: `Company ${companyId}` }]);
  });

  test("counts a redirect domain as a switch of its own", async () => {
    const { client_id } = await on.facts.addApp({
      redirect: { match: "origin_path", domain: "https://app.example" },
    });
    await observe(client_id, ["redirect_by_domain"], 3);
    expect((await lineOf("redirect_match"))?.uses).toMatchObject([
      { value: "Any address below https://app.example", need: { count: 3, lastAt: on.clock.now() } },
    ]);
  });

  test("leaves out apps that work for nobody", async () => {
    for (const status of ["refused", "suspended"] as const)
      await on.facts.addApp({ preset: "perpetual", status });
    expect((await findPosture(on.db)).lines).toEqual([]);
    await on.facts.addApp({ preset: "perpetual", status: "pending" });
    expect((await findPosture(on.db)).apps).toBe(1);
  });

  test("a switch that has come to its end is not in use any more", async () => {
    const until = new Date(on.clock.now().getTime() + DAY * 1000).toISOString();
    await on.facts.addApp({ policy: { pkce: "if_sent", until: { pkce: until } } });
    expect((await lineOf("pkce"))?.uses).toMatchObject([{ until }]);
    on.clock.forward(DAY);
    expect(await lineOf("pkce")).toBeUndefined();
  });

  describe("the need", () => {
    test("is what the last thirty days' requests asked of the switch, and of no other", async () => {
      const { client_id } = await on.facts.addApp({ preset: "perpetual" });
      await observe(client_id, ["authorize_without_pkce", "token_authorization_code"], 2);
      on.clock.forward(DAY);
      await observe(client_id, ["authorize_without_pkce"]);
      const [pkce] = (await lineOf("pkce"))?.uses ?? [];
      expect(pkce?.need).toEqual({ count: 3, lastAt: on.clock.now() });
      const [access] = (await lineOf("access_seconds"))?.uses ?? [];
      expect(access && isUnneeded(access)).toBe(true);
      on.clock.forward(31 * DAY);
      const [later] = (await lineOf("pkce"))?.uses ?? [];
      expect(later?.need).toEqual({ count: 0, lastAt: null });
    });

    test("of whole registered scopes is any request without a scope", async () => {
      const { client_id } = await on.facts.addApp({ preset: "perpetual" });
      await observe(client_id, ["authorize_without_scope"]);
      expect((await lineOf("default_scope"))?.uses).toMatchObject([{ need: { count: 1 } }]);
    });

    test("of one refresh token used twice is not that refresh tokens are used", async () => {
      const { client_id } = await on.facts.addApp({ policy: { refresh: "static" } });
      await observe(client_id, ["refresh"]);
      expect((await lineOf("refresh"))?.uses).toMatchObject([{ need: { count: 0 } }]);
      await observe(client_id, ["refresh_reused"]);
      expect((await lineOf("refresh"))?.uses).toMatchObject([{ need: { count: 1 } }]);
    });

    test("is unknown where requests do not show it", async () => {
      await on.facts.addApp({ preset: "perpetual" });
      expect((await lineOf("response_include"))?.uses).toMatchObject([{ need: null }]);
    });
  });

  test("comes with what nobody needs first, then the most used", async () => {
    const add = (name: string) => on.facts.addApp({ name, policy: { pkce: "if_sent" } });
    const [little, , much] = [await add("Little"), await add("Nothing"), await add("Much")];
    await observe(little.client_id, ["authorize_without_pkce"]);
    await observe(much.client_id, ["authorize_without_pkce"], 5);
    expect((await lineOf("pkce"))?.uses.map(({ app }) => app.name)).toEqual(["Nothing", "Much", "Little"]);
  });

  test("puts the switch with most to tighten first", async () => {
    const { client_id } = await on.facts.addApp({ policy: { pkce: "if_sent", access_seconds: null } });
    await observe(client_id, ["authorize_without_pkce"]);
    expect((await findPosture(on.db)).lines.map(({ key }) => key)).toEqual(["access_seconds", "pkce"]);
  });

  test("says when there are more apps than it looked at", async () => {
    for (const name of ["A", "B", "C"]) await on.facts.addApp({ name, preset: "perpetual" });
    expect(await findPosture(on.db, 2)).toMatchObject({ apps: 2, complete: false });
    expect(await findPosture(on.db, 3)).toMatchObject({ apps: 3, complete: true });
  });

  test("follows a change at once", async () => {
    const ownerId = await on.facts.addUser();
    const { client_id } = await on.facts.addApp({ ownerId, preset: "perpetual" });
    await updateApp(on.db, ownerId, client_id, {
      name: "Test app",
      type: "confidential",
      redirect: { match: "exact", uris: ["https://app.example/callback"] },
      preset: "standard",
      scopes: ["read"],
      purpose: null,
      logo: undefined,
    });
    expect((await findPosture(on.db)).lines).toEqual([]);
  });

  test("counts personal tokens that never expire", async () => {
    const before = await countEndlessTokens(on.db);
    const userId = await on.facts.addUser();
    const token = {
      kind: "personal" as const,
      last4: "abcd",
      userId,
      scopes: ["read"],
      createdAt: on.clock.now(),
    };
    const hash = (byte: number) => new Uint8Array(32).fill(byte);
    await on.db.prisma.token.create({ data: { ...token, hash: hash(1) } });
    await on.db.prisma.token.create({ data: { ...token, hash: hash(2), expiresAt: on.clock.now() } });
    expect(await countEndlessTokens(on.db)).toBe(before + 1);
  });
});
