/** What a client was told before the server died, held against the server that came after it. */
import http from "node:http";
import { expect } from "vitest";
import { hashCredential } from "../../../lib/oauth/tokens";
import type { TestApp } from "../../support/facts";
import { exchangeFields } from "../../support/world";
import { type Answer, postForm } from "./load";
import type { ServerProcess } from "./process";

/** A code's access token, which carries the code's hash itself or through its family; and its refresh token. */
const TOKEN = `SELECT 1 FROM tokens t LEFT JOIN refresh_families f ON f.id = t.family_id
  WHERE coalesce(t.code_hash, f.code_hash) = c.hash`;
const REFRESH_TOKEN = `SELECT 1 FROM refresh_families f JOIN refresh_tokens r ON r.family_id = f.id
  WHERE f.code_hash = c.hash`;
const CODES = "SELECT encode(c.hash, 'hex') AS hash FROM authorization_codes c WHERE c.consumed_at";

/** A code or a refresh token that was used up and brought nothing; each query must find no row. */
const halfDone = {
  "codes that were consumed without a token": `${CODES} IS NOT NULL AND NOT EXISTS (${TOKEN})`,
  "codes that were consumed without a refresh token": `${CODES} IS NOT NULL AND NOT EXISTS (${REFRESH_TOKEN})`,
  "codes that brought a token and can be used again": `${CODES} IS NULL AND EXISTS (${TOKEN})`,
  "families without exactly one generation that can be used": `SELECT f.id FROM refresh_families f
    LEFT JOIN refresh_tokens r ON r.family_id = f.id AND r.consumed_at IS NULL GROUP BY f.id HAVING count(r.hash) <> 1`,
  "generations that were consumed without an answer to give again": `SELECT encode(hash, 'hex') AS hash
    FROM refresh_tokens WHERE consumed_at IS NOT NULL AND successor IS NULL`,
  "families with another number of access tokens than of generations": `SELECT f.id FROM refresh_families f
    WHERE (SELECT count(*) FROM tokens t WHERE t.family_id = f.id)
      <> (SELECT count(*) FROM refresh_tokens r WHERE r.family_id = f.id)`,
};

/** Nothing in the database is half done. */
export async function expectNothingHalfDone(server: ServerProcess): Promise<void> {
  for (const [what, sql] of Object.entries(halfDone)) expect(await server.query(sql), what).toEqual([]);
}

/** Every token of an answer is live; by introspection, many at once. */
export async function expectLive(
  server: ServerProcess,
  app: TestApp,
  tokens: readonly string[],
): Promise<void> {
  const agent = new http.Agent({ keepAlive: true });
  const left = tokens.values();
  const dead: string[] = [];
  const check = async () => {
    for (const token of left) {
      const { status, body } = await postForm(agent, `${server.url}/oauth/introspect`, { token }, app);
      if (status !== 200 || body.active !== true) dead.push(token);
    }
  };
  await Promise.all(Array.from({ length: 16 }, check));
  agent.destroy();
  expect(dead, `${dead.length} of ${tokens.length} answered tokens do not work`).toEqual([]);
}

/** The walk: a user allows, the app's server exchanges the code, and the API takes the token. */
export async function expectWalk(server: ServerProcess, app: TestApp, userId: string): Promise<void> {
  const [code = ""] = await server.codes(1, app, userId);
  const agent = new http.Agent();
  const { status, body } = await postForm(agent, `${server.url}/oauth/token`, exchangeFields(code), app);
  const headers = { authorization: `Bearer ${body.access_token}` };
  const response = await fetch(`${server.url}/public/v1/me`, { headers });
  expect([status, response.status, await response.text()]).toEqual([
    200,
    200,
    expect.stringContaining(userId),
  ]);
}

/**
 * Clients whose answer was lost ask again, twice, with the refresh token they have: both answers are the same, and the
 * chain goes on from there.
 * @returns the access tokens they got
 */
export async function resume(
  server: ServerProcess,
  app: TestApp,
  refreshTokens: readonly string[],
): Promise<string[]> {
  const agent = new http.Agent({ keepAlive: true });
  const refresh = (refresh_token: string): Promise<Answer> =>
    postForm(agent, `${server.url}/oauth/token`, { grant_type: "refresh_token", refresh_token }, app);
  const got = await Promise.all(
    refreshTokens.map(async (held) => {
      const first = await refresh(held);
      expect([first.status, first.body.error]).toEqual([200, undefined]);
      const again = await refresh(held);
      expect(again.body.refresh_token).toBe(first.body.refresh_token);
      const next = await refresh(first.body.refresh_token ?? "");
      expect([next.status, next.body.error]).toEqual([200, undefined]);
      return [first, next].map(({ body }) => body.access_token ?? "");
    }),
  );
  agent.destroy();
  return got.flat();
}

/** A code whose exchange was lost with the server, and not done, can still be redeemed. */
export async function expectUnusedCodesWork(
  server: ServerProcess,
  app: TestApp,
  codes: readonly string[],
): Promise<void> {
  const rows = await server.query(
    "SELECT encode(hash, 'hex') AS hash FROM authorization_codes WHERE consumed_at IS NULL AND expires_at > now() + interval '1 minute'",
  );
  const unused = new Set(rows.map(({ hash }) => hash));
  const hex = (code: string) => Buffer.from(hashCredential(code), "base64url").toString("hex");
  const agent = new http.Agent({ keepAlive: true });
  for (const code of codes.filter((one) => unused.has(hex(one)))) {
    const { status, body } = await postForm(agent, `${server.url}/oauth/token`, exchangeFields(code), app);
    expect([status, body.error]).toEqual([200, undefined]);
  }
  agent.destroy();
}
