import { describe, expect, test } from "vitest";
import { BACKLOG_LIMIT, findBacklog } from "../../lib/db/backlog";
import { toBytes } from "../../lib/db/bytes";
import { sweep } from "../../lib/db/housekeeping";
import { createStore } from "../../lib/db/store";
import { hashCredential, randomId } from "../../lib/oauth/tokens";
import { onEachDatabase, random } from "../support/databases";
import { createWorld, tokenFor } from "../support/world";

const DAY = 24 * 3600;

onEachDatabase((on) => {
  const ago = (seconds: number) => new Date(on.clock.now().getTime() - seconds * 1000);
  const named = (name: string) => toBytes(hashCredential(name));
  const hash = () => named(randomId(20, random));

  /** One row in every table that is swept, past its moment by so many seconds. */
  async function addRows(seconds: number) {
    const { prisma } = on.db;
    const userId = await on.facts.addUser();
    const { client_id: appId } = await on.facts.addApp();
    const times = { createdAt: ago(seconds + 60), expiresAt: ago(seconds) };
    const id = randomId(16, random);
    await prisma.authorizationRequest.create({
      data: { id, appId, clientVersion: 1, redirectUri: "x", scopes: [], ...times },
    });
    await prisma.authorizationCode.create({
      data: { hash: hash(), appId, userId, consentId: "x", redirectUri: "x", scopes: [], ...times },
    });
    await prisma.token.create({
      data: { hash: hash(), kind: "access", last4: "xxxx", scopes: [], userId, ...times },
    });
    await prisma.refreshFamily.create({
      data: { id, grantType: "authorization_code", appId, scopes: [], ...times },
    });
    await prisma.refreshToken.create({ data: { hash: hash(), familyId: id, last4: "xxxx", ...times } });
    await prisma.requestTrait.create({
      data: { appId, day: times.expiresAt, trait: "x", count: 1, lastAt: times.expiresAt },
    });
    await prisma.session.create({ data: { id, userId, userAgent: "", address: "", ...times } });
    await prisma.totpSetup.create({ data: { userId, secret: hash(), expiresAt: times.expiresAt } });
    await prisma.usedChallenge.create({ data: { hash: named(id), expiresAt: times.expiresAt } });
    await prisma.clientSecret.create({ data: { id, appId, hash: hash(), last4: "xxxx", ...times } });
    await prisma.requestLog.create({
      data: { id, appId, at: times.expiresAt, endpoint: "/", error: "x", reason: "x", received: {} },
    });
    await prisma.auditEvent.create({ data: { id, appId, at: times.expiresAt, action: "x", details: {} } });
    return { userId, appId, id };
  }

  async function left({ userId, appId, id }: { userId: string; appId: string; id: string }) {
    const { prisma } = on.db;
    const [
      requests,
      codes,
      tokens,
      families,
      refreshes,
      sessions,
      setups,
      answers,
      secrets,
      refusals,
      traits,
    ] = await Promise.all([
      prisma.authorizationRequest.count({ where: { id } }),
      prisma.authorizationCode.count({ where: { appId } }),
      prisma.token.count({ where: { userId } }),
      prisma.refreshFamily.count({ where: { id } }),
      prisma.refreshToken.count({ where: { familyId: id } }),
      prisma.session.count({ where: { id } }),
      prisma.totpSetup.count({ where: { userId } }),
      prisma.usedChallenge.count({ where: { hash: named(id) } }),
      prisma.clientSecret.count({ where: { id } }),
      prisma.requestLog.count({ where: { id } }),
      prisma.requestTrait.count({ where: { appId } }),
    ]);
    return {
      requests,
      codes,
      tokens,
      families,
      refreshes,
      sessions,
      setups,
      answers,
      secrets,
      refusals,
      traits,
    };
  }

  test("takes away what is past its moment, each after its own time", async () => {
    const rows = await Promise.all([-60, 1, DAY + 1, 30 * DAY + 1, 32 * DAY + 1].map(addRows));
    await sweep(on.db);
    const short = { requests: 0, sessions: 0, setups: 0, answers: 0 };
    const day = { codes: 0, tokens: 0, families: 0, refreshes: 0 };
    const month = { secrets: 0, refusals: 0 };
    const all = {
      ...{ requests: 1, codes: 1, tokens: 1, families: 1, refreshes: 1 },
      ...{ sessions: 1, setups: 1, answers: 1, secrets: 1, refusals: 1, traits: 1 },
    };
    expect(await Promise.all(rows.map(left))).toEqual([
      all,
      { ...all, ...short },
      { ...all, ...short, ...day },
      { ...all, ...short, ...day, ...month },
      { ...all, ...short, ...day, ...month, traits: 0 },
    ]);
  });

  test("leaves the access tokens of a refresh token family that has run its course", async () => {
    const app = await on.facts.addApp({ policy: { access_seconds: null } });
    const as = {
      ...createWorld().as,
      now: on.clock.now,
      store: createStore(on.db, { client() {}, token() {} }),
    };
    const hash = hashCredential(await tokenFor({ as }, app, await on.facts.addUser()));
    on.clock.forward(92 * DAY);
    expect(await as.store.findToken(hash)).toMatchObject({ familyStands: true });
    await sweep(on.db);
    expect(await on.db.prisma.refreshFamily.count({ where: { appId: app.client_id } })).toBe(0);
    expect(await as.store.findToken(hash)).toMatchObject({ familyStands: true });
  });

  test("leaves what never expires", async () => {
    const { client_id: appId } = await on.facts.addApp();
    const userId = await on.facts.addUser();
    await on.db.prisma.token.create({
      data: { hash: hash(), kind: "access", last4: "xxxx", scopes: [], userId, createdAt: ago(1000 * DAY) },
    });
    on.clock.forward(1000 * DAY);
    await sweep(on.db);
    expect(await on.db.prisma.token.count({ where: { userId } })).toBe(1);
    expect(await on.db.prisma.clientSecret.count({ where: { appId } })).toBe(1);
  });

  test("takes more than one batch, and says how many", async () => {
    await sweep(on.db);
    const rows = Array.from({ length: 1201 }, () => ({
      id: randomId(16, random),
      appId: "x",
      clientVersion: 1,
      redirectUri: "x",
      scopes: [],
      createdAt: ago(60),
      expiresAt: ago(1),
    }));
    await on.db.prisma.authorizationRequest.createMany({ data: rows });
    expect(await sweep(on.db)).toBe(1201);
    expect(await sweep(on.db)).toBe(0);
  });

  /** So many lines of the request log that are due since then. */
  async function addRefusals(count: number, at: Date) {
    const rows = Array.from({ length: count }, () => ({
      ...{ id: randomId(16, random), appId: "x", at },
      ...{ endpoint: "/", error: "x", reason: "x", received: {} },
    }));
    await on.db.prisma.requestLog.createMany({ data: rows });
  }
  const refusals = () => on.db.prisma.requestLog.count({ where: { appId: "x" } });

  test("may run several times at once, each row taken by one", async () => {
    await sweep(on.db);
    await addRefusals(700, ago(31 * DAY));
    const taken = await Promise.all([sweep(on.db), sweep(on.db), sweep(on.db)]);
    const rest = await sweep(on.db);
    expect(taken.reduce((sum, count) => sum + count, rest)).toBe(700);
    expect(await refusals()).toBe(0);
  });

  test("takes the oldest first, and stops in time: the next sweep goes on", async () => {
    await sweep(on.db);
    await addRefusals(600, ago(31 * DAY));
    await addRefusals(500, ago(40 * DAY));
    const stop = new AbortController();
    const onTaken = () => stop.abort();
    expect(await sweep(on.db, { signal: stop.signal, onTaken })).toBe(500);
    expect(await on.db.prisma.requestLog.count({ where: { at: ago(31 * DAY) } })).toBe(600);
    expect(await sweep(on.db, { budgetMs: 0 })).toBe(0);
    expect(await sweep(on.db)).toBe(600);
  });

  test("says what left, table by table", async () => {
    await sweep(on.db);
    await addRefusals(3, ago(31 * DAY));
    const told: [string, number][] = [];
    await sweep(on.db, { onTaken: (table, rows) => told.push([table, rows]) });
    expect(told).toEqual([["request_log", 3]]);
  });

  test("keeps audit events as long as it is told", async () => {
    const { prisma } = on.db;
    const add = (days: number) =>
      prisma.auditEvent.create({
        data: { id: randomId(16, random), at: ago(days * DAY), action: `${days} days`, details: {} },
      });
    await Promise.all([10, 20, 40].map(add));
    const kept = async () =>
      (await prisma.auditEvent.findMany({ where: { action: { endsWith: " days" } } }))
        .map(({ action }) => action)
        .toSorted();
    expect(await kept()).toEqual(["10 days", "20 days", "40 days"]);
    await sweep(on.db, { auditDays: 15 });
    expect(await kept()).toEqual(["10 days"]);
  });

  describe("the backlog", () => {
    const backlog = async () =>
      (await findBacklog(on.db, 730)).find(({ table }) => table === "request_log") ?? {
        rows: -1,
        seconds: -1,
      };

    test("is how much is due, and since when", async () => {
      await sweep(on.db);
      expect(await backlog()).toEqual({ table: "request_log", rows: 0, seconds: 0 });
      await addRefusals(5, ago(29 * DAY));
      await addRefusals(7, ago(30 * DAY + 90));
      expect(await backlog()).toEqual({ table: "request_log", rows: 7, seconds: 90 });
      await sweep(on.db);
      expect(await backlog()).toMatchObject({ rows: 0, seconds: 0 });
    });

    test("is counted up to a limit, and without reading a table", async () => {
      await on.db.pool.query(
        `INSERT INTO request_log (id, at, app_id, endpoint, error, reason, received)
         SELECT 'b' || n, $1, 'x', '/', 'x', 'x', '{}' FROM generate_series(1, 12000) AS n`,
        [ago(31 * DAY)],
      );
      expect(await backlog()).toEqual({ table: "request_log", rows: BACKLOG_LIMIT, seconds: DAY });
      await on.db.pool.query("TRUNCATE request_log");
    });
  });
});
