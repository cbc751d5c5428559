import { beforeEach, describe, expect, test } from "vitest";
import { listActivity } from "../../lib/db/activity";
import { changePolicy, dryRun } from "../../lib/db/app-policy";
import { updateApp } from "../../lib/db/app-registration";
import { findApp } from "../../lib/db/apps";
import { Observations } from "../../lib/db/observations";
import { listObservedUris, pinRedirects } from "../../lib/db/observed-redirects";
import { settlePolicies } from "../../lib/db/policies";
import { createStore } from "../../lib/db/store";
import { authorize } from "../../lib/oauth/endpoints/authorize";
import { type Policy, standard } from "../../lib/oauth/policy";
import { presets } from "../../lib/oauth/presets";
import { onEachDatabase } from "../support/databases";
import { callback } from "../support/facts";
import { authorizeFields, createWorld, encode } from "../support/world";

const DAY = 24 * 60 * 60;

onEachDatabase((on) => {
  let owner: string;
  let stranger: string;
  let appId: string;
  beforeEach(async () => {
    owner = await on.facts.addUser();
    stranger = await on.facts.addUser();
    appId = (await on.facts.addApp({ ownerId: owner, preset: "perpetual" })).client_id;
  });

  const store = () => createStore(on.db, { client() {}, token() {} });
  const policyNow = async () => (await findApp(on.db, owner, appId))?.policy;
  const version = async () => (await store().findClient(appId))?.version;
  const audit = (action: string) =>
    on.db.prisma.auditEvent.findMany({ where: { appId, action }, orderBy: { at: "asc" } });
  const inDays = (days: number) => new Date(on.clock.now().getTime() + days * DAY * 1000).toISOString();
  const { policy: perpetual } = presets.perpetual;

  async function heard(act: (observations: Observations) => void) {
    const observations = new Observations(on.db, (error) => expect.unreachable(String(error)));
    act(observations);
    await observations.close();
  }

  describe("changing a policy", () => {
    test("dates what is weaker, counts a version, and keeps before and after of each switch", async () => {
      const since = on.clock.now().toISOString();
      const before = await version();
      on.clock.forward(DAY);
      const until = { pkce: inDays(30) };
      const changed: Policy = { ...perpetual, consent: "always", access_seconds: 3600, until };
      expect(await changePolicy(on.db, owner, appId, changed)).toBe(true);
      expect(await policyNow()).toEqual({
        ...changed,
        since: { pkce: since, default_scope: since, response_include: since },
      });
      expect(await version()).toBe((before ?? 0) + 1);
      expect(await audit("policy.changed")).toMatchObject([
        {
          actorId: owner,
          details: {
            switches: {
              consent: { before: "remember", after: "always", until: null },
              access_seconds: { before: null, after: 3600, until: null },
              pkce: { before: "if_sent", after: "if_sent", until: until.pkce },
            },
          },
        },
      ]);
      const { rows } = await listActivity(on.db, owner, appId);
      expect(rows[0]).toMatchObject({ action: "policy.changed" });
    });

    test("to another preset takes its policy whole", async () => {
      expect(await changePolicy(on.db, owner, appId, standard)).toBe(true);
      expect(await policyNow()).toEqual(standard);
      expect(await audit("policy.changed")).toMatchObject([{ details: { preset: "standard" } }]);
    });

    test("that changes nothing leaves nothing behind", async () => {
      const [policy, before] = [await policyNow(), await version()];
      expect(await changePolicy(on.db, owner, appId, policy ?? standard)).toBe(true);
      expect(await version()).toBe(before);
      expect(await audit("policy.changed")).toEqual([]);
    });

    test("is its owner's to do", async () => {
      const before = await policyNow();
      expect(await changePolicy(on.db, stranger, appId, standard)).toBe(false);
      expect(await changePolicy(on.db, owner, "nothing", standard)).toBe(false);
      expect(await policyNow()).toEqual(before);
      expect(await audit("policy.changed")).toEqual([]);
    });

    test("at once by two leaves one of the two, and both in the log", async () => {
      const one: Policy = { ...perpetual, pkce: "required", consent: "always" };
      const other: Policy = { ...perpetual, pkce: "required", error_status: "always_400" };
      const saved = await Promise.all(
        [one, other].map((policy) => changePolicy(on.db, owner, appId, policy)),
      );
      expect(saved).toEqual([true, true]);
      const { consent, error_status } = (await policyNow()) ?? standard;
      expect(["always rfc", "remember always_400"]).toContain(`${consent} ${error_status}`);
      expect(await audit("policy.changed")).toHaveLength(2);
    });
  });

  describe("a switch with an end date", () => {
    const ends = () => ({ pkce: inDays(10), access_seconds: inDays(20) });

    test("falls back on the day, for the next request and without anybody doing anything", async () => {
      await changePolicy(on.db, owner, appId, { ...perpetual, until: ends() });
      const as = { ...createWorld().as, now: on.clock.now, store: store() };
      const withoutPkce = async () => {
        const fields = authorizeFields({ client_id: appId, secret: "" }, { code_challenge: undefined });
        return authorize(as, encode({ ...fields, code_challenge_method: undefined, redirect_uri: callback }));
      };
      on.clock.forward(10 * DAY - 1);
      expect(await withoutPkce()).toMatchObject({ outcome: "stored" });
      on.clock.forward(1);
      expect(await withoutPkce()).toMatchObject({ outcome: "redirect", error: { code: "invalid_request" } });
      expect(await policyNow()).toMatchObject({ pkce: "required", access_seconds: null });
    });

    test("is written down once by the housekeeping, and the next end is still to come", async () => {
      await changePolicy(on.db, owner, appId, { ...perpetual, until: ends() });
      const before = await version();
      await settlePolicies(on.db);
      expect(await audit("policy.lapsed")).toEqual([]);
      on.clock.forward(10 * DAY);
      await settlePolicies(on.db);
      await settlePolicies(on.db);
      expect(await audit("policy.lapsed")).toMatchObject([
        { actorId: null, details: { switches: ["pkce"] } },
      ]);
      expect(await version()).toBe((before ?? 0) + 1);
      const row = await on.db.prisma.app.findUniqueOrThrow({ where: { id: appId } });
      expect(row.policy).toMatchObject({ pkce: "required", access_seconds: null });
      expect(row.policyEndsAt).toEqual(new Date(on.clock.now().getTime() + 10 * DAY * 1000));
      const { rows } = await listActivity(on.db, owner, appId);
      expect(rows[0]).toMatchObject({ action: "policy.lapsed", actorName: null });
    });
  });

  describe("a dry run", () => {
    const tighter: Policy = { ...perpetual, pkce: "required", default_scope: "none" };

    test("counts what the other policy would have refused in the last thirty days, and saves nothing", async () => {
      await heard((o) => o.observe(appId, ["authorize_without_pkce"])); // too long ago
      on.clock.forward(32 * DAY);
      await heard((o) => {
        for (let count = 0; count < 3; count += 1)
          o.observe(appId, [
            "authorize_without_pkce",
            "authorize_without_state",
            "token_without_redirect_uri",
          ]);
        o.observe(appId, ["authorize_without_scope"]);
      });
      on.clock.forward(DAY);
      await heard((o) => o.observe(appId, ["authorize_without_pkce"]));
      const before = [await policyNow(), await version()];
      expect(await dryRun(on.db, owner, appId, tighter)).toEqual([
        { trait: "authorize_without_pkce", count: 4, lastAt: on.clock.now() },
        {
          trait: "authorize_without_scope",
          count: 1,
          lastAt: new Date(on.clock.now().getTime() - DAY * 1000),
        },
      ]);
      expect([await policyNow(), await version()]).toEqual(before);
      expect(await audit("policy.changed")).toEqual([]);
    });

    test("finds nothing where the policy of today refuses the same, and nothing where nobody asked", async () => {
      await heard((o) => o.observe(appId, ["authorize_without_state"]));
      // `perpetual` insists on state without PKCE already.
      expect(await dryRun(on.db, owner, appId, tighter)).toEqual([]);
    });

    test("does not count the requests of other apps", async () => {
      const other = await on.facts.addApp({ ownerId: owner, preset: "perpetual" });
      await heard((o) => o.observe(other.client_id, ["authorize_without_pkce"]));
      expect(await dryRun(on.db, owner, appId, tighter)).toEqual([]);
    });

    test("is its owner's to make", async () => {
      expect(await dryRun(on.db, stranger, appId, tighter)).toBeNull();
      expect(await dryRun(on.db, owner, "nothing", tighter)).toBeNull();
    });
  });

  describe("pinning redirect URIs", () => {
    const domain = "https://yourapp.example";
    const seen = [`${domain}/one`, `${domain}/two`, `${domain}/three`];
    beforeEach(async () => {
      const redirect = { match: "origin_path", domain } as const;
      appId = (await on.facts.addApp({ ownerId: owner, redirect })).client_id;
      await heard((o) => {
        for (const uri of seen) {
          on.clock.forward(1);
          o.observeRedirect(appId, uri);
        }
      });
    });
    const redirectNow = async () => (await findApp(on.db, owner, appId))?.redirect;

    test("lists what was seen, used last first, to its owner alone", async () => {
      expect((await listObservedUris(on.db, owner, appId)).map(({ uri }) => uri)).toEqual(seen.toReversed());
      expect(await listObservedUris(on.db, stranger, appId)).toEqual([]);
    });

    test("turns the domain into the chosen URIs, and says so in the version and the log", async () => {
      const before = await version();
      const uris = seen.slice(0, 2);
      expect(await pinRedirects(on.db, owner, appId, uris)).toBe(true);
      expect(await redirectNow()).toEqual({ match: "exact", uris });
      expect(await version()).toBe((before ?? 0) + 1);
      expect(await listObservedUris(on.db, owner, appId)).toEqual([]);
      expect(await audit("redirects.pinned")).toMatchObject([
        { actorId: owner, details: { domain, redirect: uris.join(" ") } },
      ]);
      expect((await listActivity(on.db, owner, appId)).rows[0]).toMatchObject({ action: "redirects.pinned" });
    });

    test.each([
      ["by somebody else", () => [stranger, seen] as const],
      ["to a URI that was never used", () => [owner, [...seen, `${domain}/never`]] as const],
      ["to nothing", () => [owner, []] as const],
    ])("%s changes nothing", async (_, make) => {
      const [who, uris] = make();
      expect(await pinRedirects(on.db, who, appId, uris)).toBe(false);
      expect(await redirectNow()).toEqual({ match: "origin_path", domain });
      expect(await audit("redirects.pinned")).toEqual([]);
    });

    test("of an app that is exact already changes nothing", async () => {
      const app = await findApp(on.db, owner, appId);
      const redirect = { match: "exact", uris: [seen[0] ?? ""] } as const;
      const input = { name: "A", type: "confidential", preset: "standard", purpose: null } as const;
      await updateApp(on.db, owner, appId, {
        ...input,
        scopes: app?.scopes ?? [],
        redirect,
        logo: undefined,
      });
      expect(await pinRedirects(on.db, owner, appId, seen)).toBe(false);
      expect(await redirectNow()).toEqual(redirect);
    });
  });
});
