/** Where browsers are sent, and how: by 303, to registered or own addresses, whatever the headers of a request claim. */
import bcrypt from "bcryptjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findPending, snapshot } from "../../lib/oauth/consent";
import { callback, type TestApp } from "../support/facts";
import { startTestServer, type TestServer } from "../support/runtime";
import { authorizeFields, encode, type Fields } from "../support/world";

const password = "their own password";
let server: TestServer;
let app: TestApp;
let email: string;
let userId: string;
beforeAll(async () => {
  server = await startTestServer();
  userId = await server.facts.addUser();
  const passwordHash = await bcrypt.hash(password, 4);
  ({ email } = await server.rt.db.prisma.user.update({ where: { id: userId }, data: { passwordHash } }));
  app = await server.facts.addApp();
});
afterAll(() => server?.close());

const authorizePath = (changes: Fields = {}) => `/oauth/authorize?${encode(authorizeFields(app, changes))}`;

function go(path: string, headers: Record<string, string> = {}) {
  return fetch(server.url + path, { headers, redirect: "manual" });
}
function post(path: string, form: Record<string, string>, cookie = "") {
  const headers = { cookie, "sec-fetch-site": "same-origin" };
  return fetch(server.url + path, {
    method: "POST",
    headers,
    body: new URLSearchParams(form),
    redirect: "manual",
  });
}

test("every step from the client's link back to the client is a 303, which never hands a posted password on (RFC 9700 §4.12)", async () => {
  const steps: Response[] = [];
  const step = async (answer: Promise<Response>) => {
    const response = await answer;
    steps.push(response);
    return response.headers.get("location") ?? "";
  };
  const login = await step(go(authorizePath()));
  const request = new URL(login, server.url).searchParams.get("request") ?? "";
  await step(post("/login/sign-in", { email, password: "wrong", request }));
  const to = await step(post("/login/sign-in", { email, password, request }));
  const cookie = steps.at(-1)?.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
  expect(await step(go(to, { cookie }))).toBe(`/consent?request=${request}`);
  expect(
    await step(post("/consent/decide", { request, decision: "allow", snapshot: "another" }, cookie)),
  ).toContain("/consent?changed");
  const pending = await findPending(server.rt.as, request);
  if (!pending) throw new Error("the request is gone");
  const shown = snapshot(pending, { userId, companyIds: [], scopes: ["read", "write"] });
  const back = await step(post("/consent/decide", { request, decision: "allow", snapshot: shown }, cookie));
  expect(back.startsWith(`${callback}?code=ac_`)).toBe(true);
  await step(go(authorizePath(), { cookie })); // remembered
  await step(go(authorizePath({ response_type: "nonsense" }), { cookie }));
  await step(post("/logout", {}, cookie));
  expect(steps.map(({ status }) => status)).toEqual(steps.map(() => 303));
  for (const { headers } of steps) expect(headers.get("cache-control")).toBe("no-store");
});

describe("a redirect URI that is not proven", () => {
  test.each([
    ["of an unknown client", { client_id: "neverRegistered", redirect_uri: "https://evil.example/" }],
    ["of another site", { redirect_uri: "https://evil.example/" }],
    ["that begins like a registered one", { redirect_uri: `${callback}.evil.example` }],
    [
      "that is sent along with an error of its own",
      { redirect_uri: "https://evil.example/", response_type: "nonsense", scope: "nope" },
    ],
    ["that is a script", { redirect_uri: "javascript:alert(1)" }],
  ])("%s gets a page and no redirect (RFC 6749 §4.1.2.1, RFC 9700 §4.11.2)", async (_, changes) => {
    const answer = await go(authorizePath(changes));
    expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
    expect(await answer.text()).not.toContain("evil.example");
  });
});

describe("headers that a proxy might add, sent by anybody", () => {
  const spoofed = {
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "http",
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-prefix": "/evil",
    "x-original-url": "/admin/v1/apps",
    "x-rewrite-url": "/admin/v1/apps",
    forwarded: "for=127.0.0.1;host=evil.example;proto=http",
    "x-user-id": "1",
    "x-ssl-client-cert": "anything",
    "x-latchkey-path": "//evil.example",
  };

  test("change neither the issuer nor where a browser is sent (RFC 9700 §4.13)", async () => {
    const metadata = await (await go("/.well-known/oauth-authorization-server", spoofed)).text();
    expect(metadata).toBe(await (await go("/.well-known/oauth-authorization-server")).text());
    expect(metadata).not.toContain("evil");
    const answer = await go(authorizePath(), spoofed);
    expect(answer.headers.get("location")).toMatch(/^\/login\?request=[0-9A-Za-z]{32}$/);
  });

  test("sign nobody in and open no API", async () => {
    expect((await go("/public/v1/me", spoofed)).status).toBe(401);
    expect((await go("/admin/v1/me", spoofed)).status).toBe(401);
    expect((await go("/healthz", spoofed)).status).toBe(200); // and not what x-original-url says
  });

  test("are not whom a session is said to come from, unless the operator trusts a proxy", async () => {
    const headers = { ...spoofed, "x-forwarded-for": "203.0.113.66", "sec-fetch-site": "same-origin" };
    const body = new URLSearchParams({ email, password });
    await fetch(`${server.url}/login/sign-in`, { method: "POST", headers, body, redirect: "manual" });
    const addresses = await server.rt.db.prisma.session.findMany({
      where: { userId },
      select: { address: true },
    });
    expect(new Set(addresses.map(({ address }) => address))).toEqual(new Set(["127.0.0.1"]));
  });
});
