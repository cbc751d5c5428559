/** Refresh tokens at the same moment in several processes: rotated, and ended while they rotate. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { revokeSecret } from "../../lib/db/client-secrets";
import { revokeConsent } from "../../lib/db/consents";
import { isLive } from "../../lib/oauth/bearer";
import { hashCredential } from "../../lib/oauth/tokens";
import type { TestApp } from "../support/facts";
import { basic, codeFor, encode, exchangeFields, type Fields } from "../support/world";
import { type Fleet, fleets } from "./fleet";

interface Answer {
  status: number;
  answer: { access_token?: string; refresh_token?: string; error?: string };
}

interface Pair {
  access_token: string;
  refresh_token: string;
}

describe.each(fleets)("refreshing with $name", ({ start }) => {
  let fleet: Fleet;
  let owner: string;
  let app: TestApp;
  let userId: string;

  beforeAll(async () => {
    fleet = await start();
  });
  afterAll(() => fleet?.close());
  beforeEach(async () => {
    owner = await fleet.facts.addUser();
    app = await fleet.facts.addApp({ ownerId: owner });
    userId = await fleet.facts.addUser();
  });

  /** Half of the requests to each process. */
  async function ask(at: number, path: string, fields: Fields, client: TestApp | null): Promise<Answer> {
    const response = await fetch(`${fleet.urls[at % 2]}${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        ...(client && { authorization: basic(client) }),
      },
      body: encode(fields),
    });
    const text = await response.text();
    return { status: response.status, answer: text === "" ? {} : JSON.parse(text) };
  }

  /** @param client null: without client authentication */
  const refresh = (at: number, refresh_token: string, client: TestApp | null = app) =>
    ask(at, "/oauth/token", { grant_type: "refresh_token", refresh_token }, client);

  function pairOf({ answer }: Answer): Pair {
    return { access_token: answer.access_token ?? "", refresh_token: answer.refresh_token ?? "" };
  }

  /** An approval whose code was redeemed. */
  async function approved(): Promise<Pair> {
    return pairOf(await ask(0, "/oauth/token", exchangeFields(await codeFor(fleet, app, userId)), app));
  }

  /** What may come back: an answer of use, or the one refusal. */
  function expectClear(answers: readonly Answer[]): void {
    for (const { status, answer } of answers)
      expect(["200 undefined", "400 invalid_grant"]).toContain(`${status} ${answer.error}`);
  }

  /** The generations of the app's families, used ones first. */
  async function generations(): Promise<{ consumed: boolean; successor: boolean }[]> {
    const { rows } = await fleet.db.pool.query(
      `SELECT r.consumed_at IS NOT NULL AS consumed, r.successor IS NOT NULL AS successor
       FROM refresh_tokens r JOIN refresh_families f ON f.id = r.family_id WHERE f.app_id = $1 ORDER BY consumed DESC`,
      [app.client_id],
    );
    return rows;
  }

  /** How many refresh tokens belong to no family. */
  async function orphans(): Promise<number> {
    const { rows } = await fleet.db.pool.query(
      `SELECT 1 FROM refresh_tokens r WHERE NOT EXISTS (SELECT 1 FROM refresh_families f WHERE f.id = r.family_id)`,
    );
    return rows.length;
  }

  test("64 times at once with one token makes one new generation, and every answer is that one or a clear refusal", {
    timeout: 60_000,
  }, async () => {
    let pair = await approved();
    const [rounds, before] = [3, await orphans()];
    for (let round = 0; round < rounds; round++) {
      const presented = pair.refresh_token;
      const answers = await Promise.all(Array.from({ length: 64 }, (_, at) => refresh(at, presented)));
      expectClear(answers);
      const [next, ...more] = new Set(
        answers.filter(({ status }) => status === 200).map((one) => JSON.stringify(pairOf(one))),
      );
      expect(more).toEqual([]);
      pair = JSON.parse(next ?? "null");
      expect(pair.refresh_token).not.toBe(presented);
    }
    // A line without branches: each generation consumed by the next, the last one not, and one token each.
    const line = Array.from({ length: rounds }, () => ({ consumed: true, successor: true }));
    expect(await generations()).toEqual([...line, { consumed: false, successor: false }]);
    expect(await orphans()).toBe(before);
    expect(await fleet.db.prisma.token.count({ where: { appId: app.client_id } })).toBe(rounds + 1);
    expect(await fleet.db.prisma.refreshFamily.count({ where: { appId: app.client_id } })).toBe(1);
    expect((await refresh(1, pair.refresh_token)).status).toBe(200);
  });

  /** Refreshes again and again, twice at once each time, until it is refused. @returns all it was given */
  async function insist(from: Pair, at: number, client: TestApp | null, begun: () => void): Promise<Pair[]> {
    const given = [from];
    for (let turn = 0; turn < 12; turn++) {
      const { refresh_token } = given.at(-1) ?? from;
      const answers = await Promise.all([
        refresh(at, refresh_token, client),
        refresh(at + 1, refresh_token, client),
      ]);
      const pairs = answers.filter(({ status }) => status === 200).map(pairOf);
      given.push(...pairs);
      begun();
      if (pairs.length === 0) break;
    }
    return given;
  }

  /** Ends what several refresh at that moment. @returns all they were given, before and after */
  async function endWhile(
    pairs: readonly Pair[],
    client: TestApp | null,
    end: () => Promise<void>,
  ): Promise<Pair[]> {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const given = pairs.map((pair, at) => insist(pair, at, client, begin));
    await begun;
    await end();
    return (await Promise.all(given)).flat();
  }

  async function expectNothingAlive(given: readonly Pair[], client: TestApp | null): Promise<void> {
    const tokens = await Promise.all(
      given.map(({ access_token }) => fleet.as.store.findToken(hashCredential(access_token))),
    );
    expect(tokens.filter((one) => one !== null && isLive(one, fleet.as.now()))).toEqual([]);
    const last = given.slice(-4);
    const calls = last.map(({ access_token }, at) =>
      fetch(`${fleet.urls[at % 2]}/public/v1/me`, { headers: { authorization: `Bearer ${access_token}` } }),
    );
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(last.map(() => 401));
    const refreshTokens = [...new Set(given.map(({ refresh_token }) => refresh_token))];
    const answers = await Promise.all(refreshTokens.map((value, at) => refresh(at, value, client)));
    expect(answers.map(({ status, answer }) => `${status} ${answer.error}`)).toEqual(
      answers.map(() => "400 invalid_grant"),
    );
    expect(await fleet.db.prisma.refreshFamily.count({ where: { appId: app.client_id } })).toBe(0);
  }

  const rounds = [1, 2, 3];

  test.each(rounds)("a consent taken back meanwhile leaves no token alive (round %i)", async () => {
    const pairs = await Promise.all(Array.from({ length: 6 }, approved));
    const given = await endWhile(pairs, app, async () => {
      expect(await revokeConsent(fleet.db, userId, app.client_id)).toBe(true);
    });
    expect(given.length).toBeGreaterThan(pairs.length);
    await expectNothingAlive(given, app);
  });

  test.each(rounds)(
    "a refresh token revoked meanwhile (RFC 7009) leaves no token alive (round %i)",
    async () => {
      const pairs = await Promise.all(Array.from({ length: 6 }, approved));
      const given = await endWhile(pairs, app, async () => {
        // By their first generations, used already.
        const answers = await Promise.all(
          pairs.map(({ refresh_token: token }, at) => ask(at, "/oauth/revoke", { token }, app)),
        );
        expect(answers.map(({ status }) => status)).toEqual(pairs.map(() => 200));
      });
      expect(given.length).toBeGreaterThan(pairs.length);
      await expectNothingAlive(given, app);
    },
  );

  test.each(rounds)(
    "a client secret revoked meanwhile leaves nothing alive that is bound to it (round %i)",
    async () => {
      app = await fleet.facts.addApp({ ownerId: owner, preset: "classic" });
      const issued = Array.from({ length: 6 }, (_, at) =>
        ask(at, "/oauth/token", { grant_type: "client_credentials" }, app),
      );
      const pairs = (await Promise.all(issued)).map(pairOf);
      const { id } = await fleet.db.prisma.clientSecret.findFirstOrThrow({ where: { appId: app.client_id } });
      const given = await endWhile(pairs, null, async () => {
        expect(await revokeSecret(fleet.db, owner, app.client_id, id)).toBe(true);
      });
      expect(given.length).toBeGreaterThan(pairs.length);
      await expectNothingAlive(given, null);
    },
  );
});
