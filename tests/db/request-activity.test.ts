import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sweep } from "../../lib/db/housekeeping";
import { logRefusal } from "../../lib/db/refusals";
import { findRefusal, findRequestActivity, type RequestFilter } from "../../lib/db/request-activity";
import { OK, RequestCounts } from "../../lib/db/request-counts";
import type { Evidence } from "../../lib/oauth/errors";
import { hashCredential, randomId } from "../../lib/oauth/tokens";
import { onEachDatabase, random } from "../support/databases";
import { callback, type TestApp } from "../support/facts";

const HOUR = 3600;
const TOKEN = "/oauth/token";

onEachDatabase((on) => {
  let owner: string;
  let app: TestApp;
  let counts: RequestCounts;
  beforeEach(async () => {
    owner = await on.facts.addUser();
    app = await on.facts.addApp({ ownerId: owner });
    counts = new RequestCounts(on.db, (error) => expect.unreachable(String(error)));
  });
  afterEach(() => counts.close());

  const caller = { address: "203.0.113.7", headers: { "user-agent": "curl/8.5.0" } };
  const refuse = async (evidence: Partial<Evidence> = {}, requestId = randomId(16, random)) => {
    const whole = { client_id: app.client_id, reason: "The authorization code came too late.", ...evidence };
    const refusal = { requestId, endpoint: TOKEN, grantType: "authorization_code", caller };
    const isKnown = await logRefusal(on.db, { ...refusal, error: "invalid_grant" }, whole);
    counts.note(whole.client_id, TOKEN, "authorization_code", "invalid_grant", whole.summary ?? whole.reason);
    return { requestId, isKnown };
  };
  const activity = async (filter: RequestFilter = {}, userId = owner) => {
    await counts.flush();
    return findRequestActivity(on.db, userId, app.client_id, filter);
  };
  const found = (requestId: string, userId = owner, appId = app.client_id) =>
    findRefusal(on.db, userId, appId, requestId);

  describe("a refused request", () => {
    test("is found by the request id its caller got, with who sent it", async () => {
      const { requestId } = await refuse({
        received: { redirect_uri: "https://app.example/other" },
        registered: { redirect_uri: callback },
      });
      expect(await found(requestId)).toEqual({
        ...{ id: requestId, at: on.clock.now(), endpoint: TOKEN, grantType: "authorization_code" },
        ...{ error: "invalid_grant", reason: "The authorization code came too late." },
        received: { redirect_uri: "https://app.example/other" },
        registered: { redirect_uri: callback },
        ...{ address: "203.0.113.7", agent: "curl/8.5.0" },
      });
    });

    test("is for those who maintain the app alone, and not under another app's id", async () => {
      const { requestId } = await refuse();
      const stranger = await on.facts.addUser();
      const other = await on.facts.addApp({ ownerId: stranger });
      expect(await found(requestId, stranger)).toBeNull();
      expect(await found(requestId, stranger, other.client_id)).toBeNull();
      expect(await found("nothing")).toBeNull();
    });

    test("of a client ID that somebody made up leaves nothing behind", async () => {
      const before = await on.db.prisma.requestLog.count();
      const { isKnown } = await refuse({ client_id: "made-up" });
      await counts.flush();
      expect(isKnown).toBe(false);
      expect(await on.db.prisma.requestLog.count()).toBe(before);
      expect(await on.db.prisma.requestCount.count({ where: { appId: "made-up" } })).toBe(0);
    });

    test("is cut, and kept once for one request", async () => {
      const evidence = { reason: "r".repeat(3000), received: { state: "s".repeat(600) } };
      const { requestId } = await refuse(evidence);
      await refuse(evidence, requestId);
      const rows = await on.db.prisma.requestLog.findMany({ where: { appId: app.client_id } });
      expect(rows).toMatchObject([
        { reason: "r".repeat(2000), summary: "r".repeat(300), received: { state: "s".repeat(500) } },
      ]);
    });

    test("keeps text of any kind as it is", async () => {
      const redirect_uri = `https://app.example/"'\\<é€😀>`;
      const { requestId } = await refuse({ reason: "It's “odd”", received: { redirect_uri } });
      expect(await found(requestId)).toMatchObject({ reason: "It's “odd”", received: { redirect_uri } });
    });
  });

  describe("which secret was presented", () => {
    const presented = async (secret: string) => {
      const { requestId } = await refuse({
        received: { method: "client_secret_basic" },
        secretHash: hashCredential(secret),
      });
      const row = await found(requestId);
      return [row?.received.client_secret, row?.registered.client_secret];
    };

    test("is said with when it ended", async () => {
      const ended = on.clock.now();
      await on.facts.endSecret(app.client_id, app.secret, ended);
      on.clock.forward(3 * HOUR);
      expect(await presented(app.secret)).toEqual([
        `…${app.secret.slice(-4)}`,
        `ended at ${ended.toISOString()}`,
      ]);
    });

    test("is said where it is of another app of the same owner", async () => {
      const other = await on.facts.addApp({ ownerId: owner, name: "Sandbox" });
      expect(await presented(other.secret)).toEqual([`…${other.secret.slice(-4)}`, "of your app Sandbox"]);
    });

    test("of somebody else's not even that there is one", async () => {
      const other = await on.facts.addApp();
      expect(await presented(other.secret)).toEqual([undefined, undefined]);
    });

    test("is never kept, nor its hash", async () => {
      await presented(app.secret);
      const rows = await on.db.prisma.requestLog.findMany({ where: { appId: app.client_id } });
      expect(JSON.stringify(rows)).not.toContain(app.secret);
      expect(JSON.stringify(rows)).not.toContain(hashCredential(app.secret));
    });

    test("the methods the app allows stand beside the one that was used", async () => {
      await on.facts.setPolicy(app.client_id, { client_auth: ["client_secret_post"] });
      const { requestId } = await refuse({ received: { method: "client_secret_basic" } });
      expect((await found(requestId))?.registered).toEqual({ method: "client_secret_post" });
    });
  });

  describe("the counts", () => {
    test("are by the hour, of answered and of refused requests", async () => {
      counts.note(app.client_id, TOKEN, "authorization_code", OK);
      counts.note(app.client_id, TOKEN, "authorization_code", OK);
      on.clock.forward(HOUR);
      counts.note(app.client_id, "/oauth/introspect", "", OK);
      await refuse();
      const { hours, endpoints } = await activity();
      expect(hours).toHaveLength(168);
      expect(hours.slice(-2).map(({ ok, refused }) => [ok, refused])).toEqual([
        [2, 0],
        [1, 1],
      ]);
      expect(endpoints).toEqual([
        { endpoint: "/oauth/introspect", ok: 1, refused: 0 },
        { endpoint: TOKEN, ok: 2, refused: 1 },
      ]);
    });

    test("add up, whoever of two processes writes them", async () => {
      const other = new RequestCounts(on.db, (error) => expect.unreachable(String(error)));
      for (let times = 0; times < 3; times++) {
        other.note(app.client_id, TOKEN, "password", OK);
        counts.note(app.client_id, TOKEN, "password", OK);
      }
      await Promise.all([other.close(), counts.flush()]);
      expect((await activity()).endpoints).toEqual([{ endpoint: TOKEN, ok: 6, refused: 0 }]);
    });

    test("can be narrowed to an endpoint and to an outcome", async () => {
      counts.note(app.client_id, TOKEN, "authorization_code", OK);
      counts.note(app.client_id, "/oauth/introspect", "", OK);
      await refuse();
      const sum = async (filter: RequestFilter) => {
        const last = (await activity(filter)).hours.at(-1);
        return [last?.ok, last?.refused];
      };
      expect(await sum({ endpoint: TOKEN })).toEqual([1, 1]);
      expect(await sum({ outcome: "ok" })).toEqual([2, 0]);
      expect(await sum({ outcome: "refused" })).toEqual([0, 1]);
      expect(await sum({ endpoint: "/oauth/introspect", outcome: "refused" })).toEqual([0, 0]);
      expect((await activity({ outcome: "ok" })).groups).toEqual([]);
      expect((await activity({ endpoint: "/oauth/introspect" })).groups).toEqual([]);
    });

    test("are nothing for a stranger", async () => {
      await refuse();
      const stranger = await on.facts.addUser();
      expect(await activity({}, stranger)).toMatchObject({ endpoints: [], groups: [] });
      expect((await activity({}, stranger)).hours.every(({ ok, refused }) => ok + refused === 0)).toBe(true);
    });

    test("leave a day after the week they are shown for", async () => {
      counts.note(app.client_id, TOKEN, "password", OK);
      await counts.flush();
      const left = () => on.db.prisma.requestCount.count({ where: { appId: app.client_id } });
      on.clock.forward(8 * 24 * HOUR - HOUR);
      await sweep(on.db);
      expect(await left()).toBe(1);
      expect((await activity()).endpoints).toEqual([]);
      on.clock.forward(2 * HOUR);
      await sweep(on.db);
      expect(await left()).toBe(0);
    });
  });

  describe("requests refused alike", () => {
    test("stand together, the last refused first, each with its latest", async () => {
      const first = on.clock.now();
      for (let times = 0; times < 7; times++) {
        await refuse({
          reason: `path: received /${times}, registered /callback.`,
          summary: "Its path differs.",
        });
        on.clock.forward(60);
      }
      const other = await refuse({ reason: "The authorization code came too late." });
      const { groups } = await activity();
      expect(groups).toMatchObject([
        { summary: "The authorization code came too late.", count: 1, latest: [{ id: other.requestId }] },
        { summary: "Its path differs.", endpoint: TOKEN, error: "invalid_grant", count: 7, firstAt: first },
      ]);
      expect(groups[1]?.latest.map(({ reason }) => reason)).toEqual(
        [6, 5, 4, 3, 2].map((time) => `path: received /${time}, registered /callback.`),
      );
    });

    test("are as many as fit on a page, and it is said that there are more", async () => {
      for (let kind = 0; kind < 30; kind++) await refuse({ reason: `Kind ${kind}.` });
      const { groups, hasMore } = await activity();
      expect([groups.length, hasMore]).toEqual([25, true]);
    });
  });
});
