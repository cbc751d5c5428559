/** The whole walk over real HTTP with cookies: sign in, authorize, decide, exchange, call, revoke. */
import bcrypt from "bcryptjs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { endSession } from "../../lib/db/sessions";
import { findPending, snapshot } from "../../lib/oauth/consent";
import { callback, type TestApp } from "../support/facts";
import { startTestServer, type TestServer } from "../support/runtime";
import { authorizeFields, basic, encode, exchangeFields, type Fields, tokenFor } from "../support/world";

const password = "correct horse battery";
let passwordHash: string;
let server: TestServer;
let app: TestApp;
let userId: string;
let email: string;
let companyId: string;

beforeAll(async () => {
  server = await startTestServer();
  passwordHash = await bcrypt.hash(password, 4); // a cheap one: the tests of password.ts are about the dear ones
});
afterAll(() => server?.close());
beforeEach(async () => {
  app = await server.facts.addApp();
  userId = await server.facts.addUser();
  companyId = await server.facts.addCompany(userId);
  ({ email } = await server.rt.db.prisma.user.update({ where: { id: userId }, data: { passwordHash } }));
});

/** A browser, as far as these forms need one: it keeps its session's cookie and follows nothing by itself. */
function browser(headers: Record<string, string> = { "sec-fetch-site": "same-origin" }) {
  let cookie = "";
  const go = async (path: string, fields?: Fields) => {
    const response = await fetch(new URL(path, server.url), {
      redirect: "manual",
      method: fields ? "POST" : "GET",
      headers: {
        ...headers,
        ...(cookie && { cookie }),
        ...(fields && { "content-type": "application/x-www-form-urlencoded" }),
      },
      body: fields ? encode(fields) : null,
    });
    const [session] = response.headers.getSetCookie();
    cookie = session?.split(";", 1)[0] ?? cookie;
    return response;
  };
  /** Goes there and says where it is sent, which is always by 303. */
  const sentTo = async (path: string, fields?: Fields) => {
    const response = await go(path, fields);
    expect([response.status, await response.text()]).toEqual([303, ""]);
    expect(response.headers.get("cache-control")).toBe("no-store");
    return response.headers.get("location") ?? "";
  };
  return {
    go,
    sentTo,
    signIn: (fields: Fields = {}) => sentTo("/login/sign-in", { email, password, ...fields }),
    cookie: () => cookie,
    use: (value: string) => {
      cookie = value;
    },
  };
}

const authorizePath = (changes: Fields = {}) => `/oauth/authorize?${encode(authorizeFields(app, changes))}`;
const requestIn = (location: string) => new URL(location, server.url).searchParams.get("request") ?? "";

async function shown(id: string, companyIds = [companyId]): Promise<string> {
  const pending = await findPending(server.rt.as, id);
  return pending ? snapshot(pending, { userId, companyIds, scopes: ["read", "write"] }) : "";
}

async function signedIn() {
  const person = browser();
  await person.signIn();
  return person;
}

/** Signed in and asked. @returns the browser and the id of the request on the consent screen */
async function asked(changes: Fields = {}) {
  const person = await signedIn();
  const id = requestIn(await person.sentTo(authorizePath(changes)));
  const decide = async (fields: Fields = {}) =>
    person.sentTo("/consent/decide", {
      request: id,
      decision: "allow",
      company: companyId,
      snapshot: await shown(id),
      ...fields,
    });
  return { person, id, decide };
}

test("the whole walk: sign in, allow, exchange, refresh, call, revoke, refused", async () => {
  const person = browser();
  const login = await person.sentTo(authorizePath({ scope: "read write" }));
  expect(login).toMatch(/^\/login\?request=[0-9A-Za-z]{32}$/);
  const id = requestIn(login);
  expect(await person.signIn({ request: id })).toBe(`/oauth/authorize/continue?request=${id}`);
  expect(await person.sentTo(`/oauth/authorize/continue?request=${id}`)).toBe(`/consent?request=${id}`);
  const decision = { request: id, decision: "allow", company: companyId, snapshot: await shown(id) };
  const back = new URL(await person.sentTo("/consent/decide", decision));
  expect(back.origin + back.pathname).toBe(callback);
  expect(Object.fromEntries(back.searchParams)).toEqual({
    code: expect.stringMatching(/^ac_/),
    state: "af0ifjsldkj",
    iss: server.url,
  });

  const machine = (path: string, fields: Fields) =>
    fetch(server.url + path, {
      method: "POST",
      headers: { authorization: basic(app), "content-type": "application/x-www-form-urlencoded" },
      body: encode(fields),
    });
  const issued = await machine("/oauth/token", exchangeFields(back.searchParams.get("code") ?? ""));
  const first = await issued.json();
  const shape = {
    access_token: expect.stringMatching(/^at_/),
    refresh_token: expect.stringMatching(/^rt_/),
    ...{ token_type: "Bearer", expires_in: 3600, scope: "read write" },
  };
  expect(first).toEqual(shape);
  const refreshed = await machine("/oauth/token", {
    grant_type: "refresh_token",
    refresh_token: first.refresh_token,
  });
  const { access_token, refresh_token, ...rest } = await refreshed.json();
  expect({ access_token, refresh_token, ...rest }).toEqual(shape);
  expect([access_token, refresh_token]).not.toEqual([first.access_token, first.refresh_token]);

  const call = (token = access_token) =>
    fetch(`${server.url}/public/v1/workspaces`, { headers: { authorization: `Bearer ${token}` } });
  expect(await (await call()).json()).toMatchObject({ workspaces: [{ id: companyId }] });
  expect(await (await machine("/oauth/introspect", { token: access_token })).json()).toMatchObject({
    active: true,
    sub: userId,
  });
  expect((await machine("/oauth/revoke", { token: access_token })).status).toBe(200);
  expect((await call()).status).toBe(401);
  expect(await (await machine("/oauth/introspect", { token: access_token })).json()).toEqual({
    active: false,
  });
  // The access token is gone, and the rest goes with the refresh token.
  expect((await call(first.access_token)).status).toBe(200);
  expect((await machine("/oauth/revoke", { token: refresh_token })).status).toBe(200);
  expect((await call(first.access_token)).status).toBe(401);
  const again = await machine("/oauth/token", { grant_type: "refresh_token", refresh_token });
  expect(await again.json()).toMatchObject({ error: "invalid_grant" });
});

describe("signing in", () => {
  test("opens a session whose cookie no script can read", async () => {
    const response = await browser().go("/login/sign-in", { email: email.toUpperCase(), password });
    expect(response.headers.get("location")).toBe("/");
    const [session = "", device = "", ...more] = response.headers.getSetCookie();
    expect(session).toMatch(/^latchkey\.session=[^;]+; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(device).toMatch(/^latchkey\.device=[^;]+; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(more).toEqual([]);
    for (const secret of [userId, email]) expect(session + device).not.toContain(secret);
  });

  test("answers a wrong password, an unknown person, a suspended one and a password over 72 bytes the same", async () => {
    const suspended = await server.facts.addUser();
    const { email: other } = await server.rt.db.prisma.user.update({
      where: { id: suspended },
      data: { passwordHash },
    });
    await server.facts.suspendUser(suspended);
    const before = await server.rows();
    for (const fields of [
      { password: "wrong" },
      { password: "" },
      { password: password.padEnd(73, "x") },
      { email: "nobody@example.test" },
      { email: "" },
      { email: other },
    ]) {
      const person = browser();
      expect(await person.signIn({ ...fields, next: "/settings" })).toBe(
        "/login?error=credentials&next=%2Fsettings",
      );
      expect(person.cookie()).toBe("");
    }
    expect(await server.rows()).toEqual(before);
  });

  test("leads back to the request it was for, also after a mistake", async () => {
    expect(await browser().signIn({ password: "wrong", request: "abc" })).toBe(
      "/login?error=credentials&request=abc",
    );
    expect(await browser().signIn({ request: "a&b=/" })).toBe(
      "/oauth/authorize/continue?request=a%26b%3D%2F",
    );
  });

  test("leads only to paths of ours", async () => {
    expect(await browser().signIn({ next: "/settings/profile" })).toBe("/settings/profile");
    for (const next of ["https://evil.example", "//evil.example", "/\\evil.example"])
      expect(await browser().signIn({ next })).toBe("/");
  });

  test("never puts the password into the log or an answer", async () => {
    await browser().signIn();
    await browser().signIn({ password: "a-wrong-password" });
    expect(server.log.join("")).not.toContain(password);
    expect(server.log.join("")).not.toContain("a-wrong-password");
  });

  test.each<[string, Record<string, string>]>([
    ["another site", { "sec-fetch-site": "cross-site" }],
    ["another origin", { origin: "https://evil.example" }],
  ])("is refused from a form of %s, as are the other forms", async (_, headers) => {
    const before = await server.rows();
    const stranger = browser(headers);
    for (const path of ["/login/sign-in", "/logout", "/consent/decide"]) {
      const response = await stranger.go(path, { email, password, request: "x", decision: "allow" });
      expect(response.status).toBe(403);
      expect(response.headers.get("content-type")).toContain("text/html");
    }
    expect(stranger.cookie()).toBe("");
    expect(await server.rows()).toEqual(before);
  });
});

describe("a session", () => {
  test("ends with signing out, also for whoever kept the cookie", async () => {
    const person = await signedIn();
    const kept = person.cookie();
    expect(await person.sentTo(authorizePath())).toMatch(/^\/consent/);
    expect(await person.sentTo("/logout", {})).toBe("/login");
    expect(person.cookie()).toBe("latchkey.session=");
    person.use(kept);
    expect(await person.sentTo(authorizePath())).toMatch(/^\/login/);
  });

  test("can be ended from the server", async () => {
    const person = await signedIn();
    for (const { id } of await server.rt.db.prisma.session.findMany({ where: { userId } }))
      await endSession(server.rt.db, id);
    expect(await person.sentTo(authorizePath())).toMatch(/^\/login/);
  });

  test("ends after two weeks, and with its user", async () => {
    const person = await signedIn();
    server.clock.forward(14 * 24 * 3600 - 1);
    expect(await person.sentTo(authorizePath())).toMatch(/^\/consent/);
    server.clock.forward(1);
    expect(await person.sentTo(authorizePath())).toMatch(/^\/login/);
    const second = await signedIn();
    await server.facts.suspendUser(userId);
    expect(await second.sentTo(authorizePath())).toMatch(/^\/login/);
  });

  test.each([
    "latchkey.session=noise",
    "latchkey.session=",
    "latchkey.session=a.b.c.d.e",
    "latchkey.session=%00",
  ])("is not opened by the cookie %s", async (cookie) => {
    const person = browser();
    person.use(cookie);
    expect(await person.sentTo(authorizePath())).toMatch(/^\/login/);
  });
});

describe("the decision", () => {
  test("Deny tells the app and keeps nothing", async () => {
    const { decide, person, id } = await asked();
    const back = new URL(await decide({ decision: "deny", snapshot: undefined, company: undefined }));
    expect(back.searchParams.get("error")).toBe("access_denied");
    expect(back.searchParams.get("state")).toBe("af0ifjsldkj");
    expect(await server.rt.db.prisma.consent.count({ where: { userId } })).toBe(0);
    expect((await person.go(`/oauth/authorize/continue?request=${id}`)).status).toBe(400);
  });

  test("counts once, also when the button is pressed twice at once", async () => {
    const { person, id } = await asked();
    const fields = { request: id, decision: "allow", company: companyId, snapshot: await shown(id) };
    const answers = await Promise.all([1, 2, 3, 4].map(() => person.go("/consent/decide", fields)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 400, 400, 400]);
    expect(await server.rt.db.prisma.authorizationCode.count({ where: { userId } })).toBe(1);
  });

  test("is shown again when the app has changed meanwhile", async () => {
    const { decide, id } = await asked();
    const snapshot = await shown(id);
    await server.rt.db.prisma.app.update({
      where: { id: app.client_id },
      data: { name: "Another", version: { increment: 1 } },
    });
    expect(await decide({ snapshot })).toBe(`/consent?changed=1&request=${id}`);
    expect(await decide()).toMatch(/^https:\/\/app\.example\/callback\?code=/);
  });

  test.each<[string, () => Promise<Fields> | Fields]>([
    ["a forged snapshot", () => ({ snapshot: "forged" })],
    ["no snapshot", () => ({ snapshot: undefined })],
    ["no company", () => ({ company: undefined })],
    ["a company the person is not in", async () => ({ company: await server.facts.addCompany() })],
  ])("is asked again for %s", async (_, wrong) => {
    const { decide, id } = await asked();
    expect(await decide(await wrong())).toBe(`/consent?changed=1&request=${id}`);
    expect(await server.rt.db.prisma.authorizationCode.count({ where: { userId } })).toBe(0);
  });

  test("is no decision when it is neither allow nor deny", async () => {
    const { person, id } = await asked();
    for (const decision of [undefined, "", "maybe"]) {
      const response = await person.go("/consent/decide", { request: id, decision });
      expect(response.status).toBe(400);
    }
    expect(await findPending(server.rt.as, id)).not.toBeNull();
  });

  test("needs a signed-in person", async () => {
    const { id } = await asked();
    expect(await browser().sentTo("/consent/decide", { request: id, decision: "allow" })).toBe(
      `/login?request=${id}`,
    );
  });

  test.each(["", "nothing", 'a"><script>'])("of the request %j is answered by a page", async (request) => {
    const person = await signedIn();
    const response = await person.go("/consent/decide", { request, decision: "allow" });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain("<script");
  });

  test("comes too late after half an hour", async () => {
    const { person, id } = await asked();
    server.clock.forward(1800);
    expect((await person.go("/consent/decide", { request: id, decision: "allow" })).status).toBe(400);
  });
});

describe("a second authorization", () => {
  test("with the same app, scopes, company and host does not ask", async () => {
    const { person, decide } = await asked();
    await decide();
    const again = await person.sentTo(authorizePath({ state: "another" }));
    expect(again).toMatch(/^https:\/\/app\.example\/callback\?code=ac_[^&]+&state=another&iss=/);
  });

  test("asks for more scopes, and from another person", async () => {
    const { person, decide } = await asked();
    await decide();
    expect(await person.sentTo(authorizePath({ scope: "read write" }))).toMatch(/^\/consent/);
    const { id } = await server.rt.db.prisma.user.findUniqueOrThrow({ where: { email } });
    expect(id).toBe(userId);
    userId = await server.facts.addUser();
    ({ email } = await server.rt.db.prisma.user.update({ where: { id: userId }, data: { passwordHash } }));
    expect(await (await signedIn()).sentTo(authorizePath())).toMatch(/^\/consent/);
  });

  test("asks again once the consent was taken back", async () => {
    const { person, decide } = await asked();
    await decide();
    await server.facts.withdrawConsents(userId, app.client_id);
    expect(await person.sentTo(authorizePath())).toMatch(/^\/consent/);
  });

  test("asks when consents for two companies would do", async () => {
    const second = await server.facts.addCompany(userId);
    await tokenFor(server.rt, app, userId, { companyId });
    const person = await signedIn();
    expect(await person.sentTo(authorizePath())).toMatch(/^https:/);
    await tokenFor(server.rt, app, userId, { companyId: second });
    expect(await person.sentTo(authorizePath())).toMatch(/^\/consent/);
  });
});

describe("an authorize request", () => {
  test("may be posted as a form", async () => {
    const person = await signedIn();
    expect(await person.sentTo("/oauth/authorize", authorizeFields(app))).toMatch(/^\/consent\?request=/);
  });

  test("that is refused goes back to the app by 303, and its owner can read why", async () => {
    const location = new URL(await browser().sentTo(authorizePath({ response_type: "token" })));
    expect(location.searchParams.get("error")).toBe("unsupported_response_type");
    const rows = await server.rt.db.prisma.requestLog.findMany({ where: { appId: app.client_id } });
    expect(rows).toMatchObject([{ endpoint: "/oauth/authorize", error: "unsupported_response_type" }]);
  });

  test("with an unregistered redirect URI is kept for the owner, component by component", async () => {
    const redirect_uri = "https://app.example/other";
    const response = await browser().go(authorizePath({ redirect_uri }));
    expect(response.status).toBe(400);
    const [row] = await server.rt.db.prisma.requestLog.findMany({ where: { appId: app.client_id } });
    expect(row).toMatchObject({
      id: response.headers.get("x-request-id"),
      reason: "path: received /other, registered /callback.",
      received: { redirect_uri },
    });
  });

  test("that nobody knows any more is answered by a page", async () => {
    const person = await signedIn();
    for (const query of ["", "?request=", "?request=nothing", "?request=%00", "?request=a&request=b"]) {
      const response = await person.go(`/oauth/authorize/continue${query}`);
      expect([query, response.status]).toEqual([query, 400]);
    }
  });
});

test("on https every cookie is bound to the host and to https, and HSTS is set", async () => {
  const env = server.rt.env as { issuer: string };
  const { issuer } = env;
  env.issuer = "https://id.example";
  try {
    const response = await browser().go("/login/sign-in", { email, password });
    const [session, device] = response.headers.getSetCookie();
    expect(session).toMatch(/^__Host-latchkey\.session=[^;]+; .*Path=\/; HttpOnly; SameSite=Lax; Secure$/);
    expect(device).toMatch(/^__Host-latchkey\.device=[^;]+; .*Path=\/; HttpOnly; SameSite=Strict; Secure$/);
    expect(response.headers.get("strict-transport-security")).toBe("max-age=31536000");
  } finally {
    env.issuer = issuer;
  }
});
