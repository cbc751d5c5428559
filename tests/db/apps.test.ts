import { beforeEach, describe, expect, test } from "vitest";
import { type AppInput, deleteApp, updateApp } from "../../lib/db/app-registration";
import { findApp, listApps } from "../../lib/db/apps";
import { findLogo } from "../../lib/db/logos";
import { createStore } from "../../lib/db/store";
import { presets } from "../../lib/oauth/presets";
import { hashCredential, isWellFormed } from "../../lib/oauth/tokens";
import { createApp } from "../support/create-app";
import { onEachDatabase } from "../support/databases";
import { callback } from "../support/facts";
import { codeFor, createWorld, tokenFor } from "../support/world";

const input = (changes: Partial<AppInput> = {}): AppInput => ({
  name: "Harbour",
  type: "confidential",
  redirect: { match: "exact", uris: [callback] },
  preset: "standard",
  scopes: ["read", "write"],
  purpose: null,
  logo: undefined,
  ...changes,
});

onEachDatabase((on) => {
  let owner: string;
  let stranger: string;
  beforeEach(async () => {
    owner = await on.facts.addUser();
    stranger = await on.facts.addUser();
  });

  const as = () => ({
    ...createWorld().as,
    now: on.clock.now,
    store: createStore(on.db, { client() {}, token() {} }),
  });
  const audit = (appId: string) =>
    on.db.prisma.auditEvent.findMany({ where: { appId }, orderBy: { at: "asc" } });

  describe("creating an app", () => {
    test("gives its secret once and keeps only the hash and the last four characters", async () => {
      const { id, secret } = await createApp(on.db, owner, input());
      expect(id).toMatch(/^[0-9A-Za-z]{12}$/);
      expect(isWellFormed(secret ?? "", "cs")).toBe(true);
      const app = await findApp(on.db, owner, id);
      expect(app).toMatchObject({
        id,
        name: "Harbour",
        type: "confidential",
        status: "active",
        redirect: { match: "exact", uris: [callback] },
        scopes: ["read", "write"],
        policy: presets.standard.policy,
        purpose: null,
        refusal: null,
        logoId: null,
        createdAt: on.clock.now(),
        lastUsedAt: null,
        people: 0,
        liveTokens: 0,
      });
      expect(app?.secrets).toEqual([
        {
          id: app?.secrets[0]?.id,
          last4: secret?.slice(-4),
          createdAt: on.clock.now(),
          expiresAt: null,
          lastUsedAt: null,
          ...{ lastUsedAddress: null, lastUsedAgent: null, retireAfterSilentHours: null },
        },
      ]);
      const everything = JSON.stringify([app, await listApps(on.db, owner), await audit(id)]);
      expect(everything).not.toContain(secret);
      const [row] = await on.db.prisma.clientSecret.findMany({ where: { appId: id } });
      expect(Buffer.from(row?.hash ?? []).toString("base64url")).toBe(hashCredential(secret ?? ""));
    });

    test("gives a public client no secret", async () => {
      const { id, secret } = await createApp(on.db, owner, input({ type: "public" }));
      expect(secret).toBeNull();
      expect((await findApp(on.db, owner, id))?.secrets).toEqual([]);
    });

    test("keeps the order of its redirect URIs, each once", async () => {
      const uris = ["https://b.example/", "https://a.example/", "https://b.example/"];
      const { id } = await createApp(on.db, owner, input({ redirect: { match: "exact", uris } }));
      expect((await findApp(on.db, owner, id))?.redirect).toEqual({ match: "exact", uris: uris.slice(0, 2) });
    });

    test("is noted", async () => {
      const { id } = await createApp(on.db, owner, input({ preset: "perpetual" }));
      expect(await audit(id)).toMatchObject([
        {
          action: "app.created",
          actorId: owner,
          details: { name: "Harbour", preset: "perpetual", logo: false },
        },
      ]);
    });

    test("happens wholly or not at all", async () => {
      const before = await on.db.prisma.app.count();
      await expect(createApp(on.db, "nobody", input())).rejects.toThrow();
      expect(await on.db.prisma.app.count()).toBe(before);
      await expect(findApp(on.db, owner, "x"), "the database serves on").resolves.toBeNull();
    });
  });

  describe("somebody else's app", () => {
    test("is not found, not changed and not deleted", async () => {
      const { id } = await createApp(on.db, owner, input());
      const before = await findApp(on.db, owner, id);
      expect(await findApp(on.db, stranger, id)).toBeNull();
      expect((await listApps(on.db, stranger)).apps).toEqual([]);
      expect((await listApps(on.db, stranger, { search: id })).apps).toEqual([]);
      expect(await updateApp(on.db, stranger, id, input({ name: "Mine" }))).toBe(false);
      expect(await deleteApp(on.db, stranger, id)).toBe(false);
      expect(await findApp(on.db, owner, id)).toEqual(before);
      expect(await audit(id)).toHaveLength(1);
    });
  });

  describe("changing an app", () => {
    test("changes what a consent screen shows and says so in its version", async () => {
      const { id } = await createApp(on.db, owner, input());
      const redirect = { match: "origin_path", domain: "https://app.example" } as const;
      expect(await updateApp(on.db, owner, id, input({ name: "Pier", redirect, preset: "perpetual" }))).toBe(
        true,
      );
      expect(await findApp(on.db, owner, id)).toMatchObject({
        name: "Pier",
        redirect,
        policy: presets.perpetual.policy,
      });
      expect(await as().store.findClient(id)).toMatchObject({ version: 2, redirect });
      const [, update] = await audit(id);
      expect(update).toMatchObject({
        action: "app.updated",
        actorId: owner,
        details: { name: "Pier", preset: "perpetual", redirect: "https://app.example" },
      });
    });

    test("keeps a policy that was adjusted unless another preset is chosen", async () => {
      const { client_id: id } = await on.facts.addApp({ ownerId: owner, policy: { code_seconds: 120 } });
      await updateApp(on.db, owner, id, input({ name: "Pier" }));
      expect((await findApp(on.db, owner, id))?.policy.code_seconds).toBe(120);
      await updateApp(on.db, owner, id, input({ preset: "perpetual" }));
      expect((await findApp(on.db, owner, id))?.policy).toMatchObject({
        ...presets.perpetual.policy,
        since: { access_seconds: on.clock.now().toISOString(), pkce: on.clock.now().toISOString() },
      });
    });

    test("of an app that is not there does nothing", async () => {
      expect(await updateApp(on.db, owner, "nothing", input())).toBe(false);
    });
  });

  describe("a logo", () => {
    test("is kept, left alone, replaced under another id, and removed", async () => {
      const { id } = await createApp(on.db, owner, input({ logo: new Uint8Array([1, 2, 3]) }));
      const logoId = async () => (await findApp(on.db, owner, id))?.logoId ?? null;
      const first = await logoId();
      expect(Array.from((await findLogo(on.db, first ?? "")) ?? [])).toEqual([1, 2, 3]);
      await updateApp(on.db, owner, id, input());
      expect(await logoId()).toBe(first);
      await updateApp(on.db, owner, id, input({ logo: new Uint8Array([4]) }));
      const second = await logoId();
      expect(second).not.toBe(first);
      expect(await findLogo(on.db, first ?? "")).toBeNull();
      expect(Array.from((await findLogo(on.db, second ?? "")) ?? [])).toEqual([4]);
      await updateApp(on.db, owner, id, input({ logo: null }));
      expect(await logoId()).toBeNull();
      expect(await findLogo(on.db, second ?? "")).toBeNull();
    });
  });

  describe("deleting an app", () => {
    test("takes everything it was given with it", async () => {
      const app = await on.facts.addApp({ ownerId: owner });
      const token = await tokenFor({ as: as() }, app, stranger);
      await codeFor({ as: as() }, app, stranger);
      expect(await findApp(on.db, owner, app.client_id)).toMatchObject({ people: 1, liveTokens: 1 });
      const families = await on.db.prisma.refreshFamily.findMany({ where: { appId: app.client_id } });
      expect(await deleteApp(on.db, owner, app.client_id)).toBe(true);
      expect(await deleteApp(on.db, owner, app.client_id)).toBe(false);
      expect(await findApp(on.db, owner, app.client_id)).toBeNull();
      expect(await as().store.findToken(hashCredential(token))).toBeNull();
      const { prisma } = on.db;
      const where = { where: { appId: app.client_id } };
      const left = [
        await prisma.clientSecret.count(where),
        await prisma.redirectUri.count(where),
        await prisma.consent.count(where),
        await prisma.authorizationCode.count(where),
        await prisma.authorizationRequest.count(where),
        await prisma.token.count(where),
        await prisma.refreshFamily.count(where),
        await prisma.refreshToken.count({ where: { familyId: { in: families.map(({ id }) => id) } } }),
        await prisma.requestLog.count(where),
      ];
      expect(families).toHaveLength(1);
      expect(left).toEqual(left.map(() => 0));
      expect((await audit(app.client_id)).at(-1)).toMatchObject({
        action: "app.deleted",
        details: { tokens: 1 },
      });
    });

    test("happens once, however often it is asked at once", async () => {
      const { client_id } = await on.facts.addApp({ ownerId: owner });
      const answers = await Promise.all([1, 2, 3, 4].map(() => deleteApp(on.db, owner, client_id)));
      expect(answers.filter(Boolean)).toHaveLength(1);
    });
  });

  describe("the list of apps", () => {
    async function add(count: number, name = "App") {
      const ids: string[] = [];
      for (let at = 0; at < count; at++)
        ids.push((await createApp(on.db, owner, input({ name: `${name} ${at}` }))).id);
      return ids;
    }

    test("comes in pages, newest first, none lost and none twice while apps are added", async () => {
      // All but the last pair made in one instant, so that ids must break the tie.
      await add(7);
      on.clock.forward(1);
      await add(2);
      const expected = (await listApps(on.db, owner)).apps.map(({ id }) => id);
      expect(expected).toHaveLength(9);
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await listApps(on.db, owner, { limit: 2, ...(after && { after }) });
        expect(page.apps.length).toBeLessThanOrEqual(2);
        seen.push(...page.apps.map(({ id }) => id));
        after = page.next ?? undefined;
        on.clock.forward(1);
        await add(1, "New");
      } while (after);
      expect(seen).toEqual(expected);
    });

    test("has no next page when it ends with this one", async () => {
      await add(2);
      expect((await listApps(on.db, owner, { limit: 2 })).next).toBeNull();
      expect((await listApps(on.db, owner, { limit: 1 })).next).not.toBeNull();
    });

    test("begins anew for a cursor that is not ours", async () => {
      await add(1);
      for (const after of ["", "x", "../..", "zzzzzzzzzz.a", "1.a'; DROP TABLE apps", "0.\0"])
        expect((await listApps(on.db, owner, { after })).apps.length, after).toBeLessThanOrEqual(1);
    });

    test("is searched by part of the name, whatever the case, or by the whole client ID", async () => {
      const [id = ""] = await add(1, "Harbour");
      await add(1, "Pier");
      const found = async (search: string) =>
        (await listApps(on.db, owner, { search })).apps.map(({ name }) => name);
      expect(await found("HARB")).toEqual(["Harbour 0"]);
      expect(await found(id)).toEqual(["Harbour 0"]);
      expect(await found(id.slice(1))).toEqual([]);
      expect(await found("nothing")).toEqual([]);
    });

    test("takes a search by the letter: % and _ stand for themselves", async () => {
      await add(1, "100% done_");
      await add(1, "Pier");
      const found = async (search: string) =>
        (await listApps(on.db, owner, { search })).apps.map(({ name }) => name);
      expect(await found("%")).toEqual(["100% done_ 0"]);
      expect(await found("_")).toEqual(["100% done_ 0"]);
      expect(await found("\\")).toEqual([]);
      expect(await found("i%r")).toEqual([]);
    });

    test("counts people, not consents", async () => {
      const app = await on.facts.addApp({ ownerId: owner });
      const companyId = await on.facts.addCompany(stranger);
      await codeFor({ as: as() }, app, stranger);
      await codeFor({ as: as() }, app, stranger, { companyId });
      await codeFor({ as: as() }, app, owner);
      expect((await listApps(on.db, owner)).apps).toMatchObject([{ people: 2 }]);
    });
  });
});
