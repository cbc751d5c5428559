/** That the check which every test server's log goes through would find something. */
import { describe, expect, test } from "vitest";
import { mint } from "../../lib/oauth/tokens";
import { random } from "../support/databases";
import { secretsIn } from "../support/log-secrets";
import { startTestServer } from "../support/runtime";
import { basic } from "../support/world";

describe("what the log of every test is searched for", () => {
  test.each(["at", "rt", "cs", "ac"] as const)("a credential that begins with %s", (prefix) => {
    const { value } = mint(prefix, random);
    expect(secretsIn(`{"msg":"refused ${value}"}`)).toEqual([value]);
  });

  test.each([
    ["a session's cookie", '"value":"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..x"'],
    ["a Basic header", "Basic aWQ6c2VjcmV0LXNlY3JldA=="],
    ["a Bearer header", "Bearer something-that-is-1-long"],
    ["a logged header", '{"headers":{"Authorization":"x"}}'],
    ["a logged field", '{"password":"hunter2"}'],
  ])("%s", (_, line) => {
    expect(secretsIn(line)).not.toEqual([]);
  });

  test.each([
    '{"level":20,"path":"/oauth/token","error":"invalid_client","msg":"client authentication failed"}',
    '{"cookie":"[redacted]"}',
    '{"msg":"The Basic Authorization header has no colon"}',
  ])("and not: %s", (line) => {
    expect(secretsIn(line, ["something-else"])).toEqual([]);
  });
});

test("a server whose log holds what was sent as a credential fails its tests, wherever it was sent", async () => {
  const server = await startTestServer();
  const { url, rt } = server;
  const sent = (place: string) => `sent-in-${place}-and-nowhere-else`;
  const form = new URLSearchParams({ grant_type: "password", username: "a", password: sent("form") });
  await fetch(`${url}/oauth/token`, { method: "POST", body: form });
  const authorization = basic({ client_id: sent("header"), secret: "x" });
  await fetch(`${url}/oauth/token`, { method: "POST", headers: { authorization } });
  await fetch(`${url}/readyz`, { headers: { cookie: `a=b; latchkey.session=${sent("cookie")}` } });
  await fetch(`${url}/public/v1/me?access_token=${sent("query")}`);
  rt.log.info({ said: [sent("form"), sent("cookie"), sent("query")] }, authorization.slice("Basic ".length));
  const found = await server.close().catch(String);
  for (const value of [sent("form"), sent("cookie"), sent("query"), authorization.slice("Basic ".length)])
    expect(found).toContain(value);
}, 60_000);
