/** What happens at the same moment in several processes. */
import bcrypt from "bcryptjs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rotateSecret } from "../../lib/db/client-secrets";
import { revokeConsent } from "../../lib/db/consents";
import { findPending, snapshot } from "../../lib/oauth/consent";
import { authorize } from "../../lib/oauth/endpoints/authorize";
import type { TestApp } from "../support/facts";
import { authorizeFields, basic, codeFor, encode, exchangeFields, type Fields } from "../support/world";
import { type Fleet, fleets } from "./fleet";

describe.each(fleets)("with $name", ({ start }) => {
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

  const form = { "content-type": "application/x-www-form-urlencoded" };
  /** Half of the requests to each process. */
  const urlOf = (at: number) => fleet.urls[at % 2] ?? "";
  const codes = (count: number) =>
    Promise.all(Array.from({ length: count }, () => codeFor(fleet, app, userId)));

  async function exchange(at: number, code: string, client = app) {
    const response = await fetch(`${urlOf(at)}/oauth/token`, {
      method: "POST",
      headers: { ...form, authorization: basic(client) },
      body: encode(exchangeFields(code)),
    });
    return { status: response.status, answer: await response.json() };
  }

  const apiStatus = async (at: number, token: string) =>
    (await fetch(`${urlOf(at)}/public/v1/me`, { headers: { authorization: `Bearer ${token}` } })).status;

  async function isActive(at: number, token: string): Promise<boolean> {
    const headers = { ...form, authorization: basic(app) };
    const init = { method: "POST", headers, body: encode({ token }) };
    return (await (await fetch(`${urlOf(at)}/oauth/introspect`, init)).json()).active;
  }

  test("64 redemptions of one code at once give one token, and the replays end it", {
    timeout: 60_000,
  }, async () => {
    const [code = ""] = await codes(1);
    const results = await Promise.all(Array.from({ length: 64 }, (_, at) => exchange(at, code)));
    const won = results.filter(({ status }) => status === 200);
    const lost = results.filter(({ status }) => status !== 200);
    expect(won).toHaveLength(1);
    expect(lost.map(({ status, answer }) => `${status} ${answer.error}`)).toEqual(
      Array(63).fill("400 invalid_grant"),
    );
    const token = won[0]?.answer.access_token;
    expect([await apiStatus(0, token), await apiStatus(1, token), await isActive(1, token)]).toEqual([
      401,
      401,
      false,
    ]);
  });

  test("64 redemptions of 64 codes at once give 64 tokens", { timeout: 60_000 }, async () => {
    const results = await Promise.all((await codes(64)).map((code, at) => exchange(at, code)));
    expect(results.map(({ status }) => status)).toEqual(Array(64).fill(200));
    const tokens = results.map(({ answer }) => answer.access_token);
    expect(new Set(tokens).size).toBe(64);
    // A token one process issued is known to the other.
    expect(await Promise.all(tokens.slice(0, 8).map((token, at) => apiStatus(at + 1, token)))).toEqual(
      Array(8).fill(200),
    );
  });

  describe("Allow", () => {
    /** A signed-in person, as a cookie that every process accepts. */
    async function cookieOf(person: string): Promise<string> {
      const data = { passwordHash: await bcrypt.hash("password", 4) };
      const { email } = await fleet.db.prisma.user.update({ where: { id: person }, data });
      const body = encode({ email, password: "password" });
      const response = await fetch(`${urlOf(0)}/login/sign-in`, {
        method: "POST",
        headers: form,
        body,
        redirect: "manual",
      });
      return response.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
    }

    async function pendingId(changes: Fields = {}): Promise<string> {
      const result = await authorize(fleet.as, encode(authorizeFields(app, changes)));
      if (result.outcome !== "stored") throw result.error;
      return result.request.id;
    }

    async function decide(at: number, cookie: string, id: string, shown: string) {
      const response = await fetch(`${urlOf(at)}/consent/decide`, {
        method: "POST",
        headers: { ...form, cookie },
        body: encode({ request: id, decision: "allow", snapshot: shown }),
        redirect: "manual",
      });
      await response.arrayBuffer();
      return new URL(response.headers.get("location") ?? "about:blank").searchParams.get("code");
    }

    async function snapshotOf(id: string): Promise<string> {
      const pending = await findPending(fleet.as, id);
      return pending ? snapshot(pending, { userId, companyIds: [], scopes: ["read", "write"] }) : "";
    }

    test("pressed 16 times at once gives one code, which works", async () => {
      const cookie = await cookieOf(userId);
      const id = await pendingId();
      const shown = await snapshotOf(id);
      const answers = await Promise.all(Array.from({ length: 16 }, (_, at) => decide(at, cookie, id, shown)));
      const [code, ...more] = answers.filter((answer) => answer !== null);
      expect(more).toEqual([]);
      expect((await exchange(1, code ?? "")).status).toBe(200);
    });

    test("pressed in 8 tabs at once gives 8 codes and one consent with every scope", async () => {
      const cookie = await cookieOf(userId);
      const scopes = ["read", "write"];
      const ids = await Promise.all(
        Array.from({ length: 8 }, (_, at) => pendingId({ scope: scopes[at % 2] })),
      );
      const shown = await Promise.all(ids.map(snapshotOf));
      const answers = await Promise.all(ids.map((id, at) => decide(at, cookie, id, shown[at] ?? "")));
      expect(answers.filter((code) => code !== null)).toHaveLength(8);
      expect(await fleet.as.store.findConsents(userId, app.client_id)).toMatchObject([{ scopes }]);
    });
  });

  test("a consent taken back while 32 codes are redeemed leaves no live token", async () => {
    const waiting = await codes(32);
    const first = exchange(0, waiting[0] ?? "");
    const rest = waiting.slice(1).map((code, at) => first.then(() => exchange(at, code)));
    await first;
    expect(await revokeConsent(fleet.db, userId, app.client_id)).toBe(true);
    const results = await Promise.all([first, ...rest]);
    for (const { status, answer } of results)
      expect(["200 undefined", "400 invalid_grant"]).toContain(`${status} ${answer.error}`);
    const tokens = results.flatMap(({ answer }) => answer.access_token ?? []);
    expect(tokens.length).toBeGreaterThan(0);
    expect(await Promise.all(tokens.map((token, at) => apiStatus(at, token)))).toEqual(tokens.map(() => 401));
    expect(await Promise.all(tokens.map((token, at) => isActive(at, token)))).toEqual(
      tokens.map(() => false),
    );
  });

  test("a secret rotated while 24 codes are redeemed is refused from then on, and loses no code", async () => {
    const waiting = await codes(24);
    const first = exchange(0, waiting[0] ?? "");
    const rest = waiting.slice(1).map((code, at) => first.then(() => exchange(at, code)));
    await first;
    const secret = await rotateSecret(fleet.db, owner, app.client_id, 0);
    const results = await Promise.all([first, ...rest]);
    for (const { status, answer } of results)
      expect(["200 undefined", "401 invalid_client"]).toContain(`${status} ${answer.error}`);
    const [late = ""] = await codes(1);
    expect([(await exchange(0, late)).status, (await exchange(1, late)).status]).toEqual([401, 401]);
    app = { ...app, secret: secret ?? "" };
    const refused = waiting.filter((_, at) => results[at]?.status === 401);
    const again = await Promise.all([late, ...refused].map((code, at) => exchange(at, code)));
    expect(again.map(({ status }) => status)).toEqual(again.map(() => 200));
    const tokens = [...results, ...again].flatMap(({ answer }) => answer.access_token ?? []);
    expect(tokens).toHaveLength(25);
    expect(await Promise.all(tokens.map((token, at) => apiStatus(at, token)))).toEqual(tokens.map(() => 200));
  });

  test("rotations at once from several places leave one secret that works", async () => {
    const secrets = await Promise.all(
      Array.from({ length: 6 }, () => rotateSecret(fleet.db, owner, app.client_id, 0)),
    );
    const waiting = await codes(6);
    const results = await Promise.all(
      secrets.map((secret, at) => exchange(at, waiting[at] ?? "", { ...app, secret: secret ?? "" })),
    );
    expect(results.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401, 401, 401]);
  });
});
