import { expect, test } from "vitest";
import { toBytes } from "../../lib/db/bytes";
import { sweep } from "../../lib/db/housekeeping";
import { hashCredential, randomId } from "../../lib/oauth/tokens";
import { onEachDatabase, random } from "../support/databases";

const DAY = 24 * 3600;

onEachDatabase((on) => {
  const ago = (seconds: number) => new Date(on.clock.now().getTime() - seconds * 1000);
  const hash = () => toBytes(hashCredential(randomId(20, random)));

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
    await prisma.session.create({ data: { id, userId, userAgent: "", address: "", ...times } });
    await prisma.clientSecret.create({ data: { id, appId, hash: hash(), last4: "xxxx", ...times } });
    await prisma.requestLog.create({
      data: { id, appId, at: times.expiresAt, endpoint: "/", error: "x", reason: "x", received: {} },
    });
    return { userId, appId, id };
  }

  async function left({ userId, appId, id }: { userId: string; appId: string; id: string }) {
    const { prisma } = on.db;
    const [requests, codes, tokens, sessions, secrets, refusals] = await Promise.all([
      prisma.authorizationRequest.count({ where: { id } }),
      prisma.authorizationCode.count({ where: { appId } }),
      prisma.token.count({ where: { userId } }),
      prisma.session.count({ where: { id } }),
      prisma.clientSecret.count({ where: { id } }),
      prisma.requestLog.count({ where: { id } }),
    ]);
    return { requests, codes, tokens, sessions, secrets, refusals };
  }

  test("takes away what is past its moment, each after its own time", async () => {
    const [now, day, month] = [await addRows(1), await addRows(DAY + 1), await addRows(30 * DAY + 1)];
    const future = await addRows(-60);
    await sweep(on.db);
    expect(await left(future)).toEqual({
      requests: 1,
      codes: 1,
      tokens: 1,
      sessions: 1,
      secrets: 1,
      refusals: 1,
    });
    expect(await left(now)).toEqual({
      requests: 0,
      codes: 1,
      tokens: 1,
      sessions: 0,
      secrets: 1,
      refusals: 1,
    });
    expect(await left(day)).toEqual({
      requests: 0,
      codes: 0,
      tokens: 0,
      sessions: 0,
      secrets: 1,
      refusals: 1,
    });
    expect(await left(month)).toEqual({
      requests: 0,
      codes: 0,
      tokens: 0,
      sessions: 0,
      secrets: 0,
      refusals: 0,
    });
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

  test("may run several times at once, each row taken by one", async () => {
    await sweep(on.db);
    const rows = Array.from({ length: 700 }, () => ({
      id: randomId(16, random),
      appId: "x",
      at: ago(31 * DAY),
      endpoint: "/",
      error: "x",
      reason: "x",
      received: {},
    }));
    await on.db.prisma.requestLog.createMany({ data: rows });
    const taken = await Promise.all([sweep(on.db), sweep(on.db), sweep(on.db)]);
    const rest = await sweep(on.db);
    expect(taken.reduce((sum, count) => sum + count, rest)).toBe(700);
    expect(await on.db.prisma.requestLog.count({ where: { appId: "x" } })).toBe(0);
  });
});
