/** The password grant over real HTTP, with real passwords: for service accounts, behind three switches. */
import bcrypt from "bcryptjs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { limits } from "../../latchkey.config";
import {
  createServiceAccount,
  resetServicePassword,
  setServiceAccountStatus,
} from "../../lib/db/service-account-changes";
import { randomId } from "../../lib/oauth/tokens";
import { random } from "../support/databases";
import type { TestApp } from "../support/facts";
import { startTestServer, type TestServer } from "../support/runtime";
import { basic, encode, type Fields } from "../support/world";

const DAY = 24 * 60 * 60;
const password = "only-this-service-knows-it";
const personsPassword = "only-this-person-knows-it";

let server: TestServer;
let passwordHash: string;
let admin: string;
let company: string;
let app: TestApp;
let account: { id: string; username: string };
beforeAll(async () => {
  server = await startTestServer();
  // As bcrypt makes it at its lowest cost: what counts here is not how long a guess takes.
  passwordHash = await bcrypt.hash(password, 4);
  admin = await server.facts.addUser();
  await server.facts.makeAdmin(admin);
});
afterAll(() => server?.close());
beforeEach(async () => {
  await server.facts.setInstance({ password: true });
  company = await server.facts.addCompany();
  app = await addApp(30);
  account = await addAccount();
  server.log.length = 0;
});

/** An app whose own switch is on for so many days. */
function addApp(days: number, preset: "classic" | "service_account" = "service_account") {
  const until = { password: new Date(server.clock.now().getTime() + days * DAY * 1000).toISOString() };
  return server.facts.addApp({ preset, policy: { password: true, until } });
}

async function addAccount() {
  const username = `sync-${randomId(8, random).toLowerCase()}`;
  const input = { name: "Sync", username, companyId: company, scopes: ["read"], passwordHash };
  const made = await createServiceAccount(server.rt.db, admin, input);
  if (typeof made === "string") throw new Error(made);
  return { id: made.id, username };
}

async function addPerson() {
  const email = `${randomId(8, random).toLowerCase()}@example.test`;
  const id = await server.facts.addUser(email);
  const hash = await bcrypt.hash(personsPassword, 4);
  await server.rt.db.prisma.user.update({ where: { id }, data: { passwordHash: hash } });
  await server.facts.addMember(id, company, "owner");
  return email;
}

async function post(fields: Fields, client: TestApp | null = app) {
  const answer = await fetch(`${server.url}/oauth/token`, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      ...(client && { authorization: basic(client) }),
    },
    body: encode(fields),
  });
  return { status: answer.status, body: await answer.json() };
}
const ask = (changes: Fields = {}, client: TestApp | null = app) =>
  post({ grant_type: "password", username: account.username, password, ...changes }, client);
const refused = (answer: { status: number; body: { error?: string } }) => [answer.status, answer.body.error];
const wrong = [400, "invalid_grant"];

const callApi = (path: string, token: string) =>
  fetch(`${server.url}/public/v1${path}`, { headers: { authorization: `Bearer ${token}` } });

/** Everything that was logged or stored; a password must not be in it. */
async function everythingKept(): Promise<string> {
  const { prisma } = server.rt.db;
  const rows = [
    await prisma.requestLog.findMany(),
    await prisma.auditEvent.findMany(),
    await prisma.user.findMany(),
  ];
  return server.log.join("\n") + JSON.stringify(rows);
}

describe("a service account", () => {
  test("VVT-13 VSR-05 exchanges its username and password for an access and a refresh token, two-legged", async () => {
    const { status, body } = await ask({ scope: "read" });
    expect([status, body]).toEqual([
      200,
      {
        access_token: expect.stringMatching(/^at_/),
        refresh_token: expect.stringMatching(/^rt_/),
        token_type: "Bearer",
        expires_in: 3600,
        scope: "read",
      },
    ]);
    const me = await (await callApi("/me", body.access_token)).json();
    expect(me).toMatchObject({ id: account.id });
    const { workspaces } = await (await callApi("/workspaces", body.access_token)).json();
    expect(workspaces.map(({ id }: { id: string }) => id)).toEqual([company]);
    const next = await post({ grant_type: "refresh_token", refresh_token: body.refresh_token });
    expect(next.status).toBe(200);
    expect((await callApi("/me", next.body.access_token)).status).toBe(200);
  });

  test("gets what the app may ask for, no more", async () => {
    expect((await ask()).body.scope).toBe("read");
    expect((await ask({ scope: "read write" })).body.scope).toBe("read write");
    expect(refused(await ask({ scope: "admin" }))).toEqual([400, "invalid_scope"]);
  });

  test("that is suspended is nobody, and its tokens are worth nothing", async () => {
    const { body } = await ask();
    await setServiceAccountStatus(server.rt.db, admin, account.id, "suspended");
    expect(refused(await ask())).toEqual(wrong);
    expect((await callApi("/me", body.access_token)).status).toBe(401);
    const again = { grant_type: "refresh_token", refresh_token: body.refresh_token };
    expect(refused(await post(again))).toEqual(wrong);
    await setServiceAccountStatus(server.rt.db, admin, account.id, "active");
    expect((await ask()).status).toBe(200);
  });

  test("whose password was reset: the old one and what it opened end, the new one works", async () => {
    const { body } = await ask();
    await resetServicePassword(server.rt.db, admin, account.id, await bcrypt.hash("another-one", 4));
    expect((await callApi("/me", body.access_token)).status).toBe(401);
    expect(refused(await post({ grant_type: "refresh_token", refresh_token: body.refresh_token }))).toEqual(
      wrong,
    );
    expect(refused(await ask())).toEqual(wrong);
    expect((await ask({ password: "another-one" })).status).toBe(200);
  });
});

describe("people", () => {
  test("VSR-07 VSR-11 are refused as an unknown account is, whatever they type, and their password is kept nowhere", async () => {
    const email = await addPerson();
    const before = await server.rows();
    const answers = [
      await ask({ username: email, password: personsPassword }),
      await ask({ username: email.toUpperCase(), password: personsPassword }),
      await ask({ username: email, password: "not-even-theirs" }),
      await ask({ username: "nobody-at-all", password: personsPassword }),
      await ask({ password: personsPassword }),
    ];
    for (const answer of answers) {
      expect(answer.body).toEqual({
        error: "invalid_grant",
        error_description: "the username or the password is not valid",
      });
      expect(answer.status).toBe(400);
    }
    expect(await server.rows()).toEqual(before);
    expect(await everythingKept()).not.toContain(personsPassword);
    // It is their right password all the same: on our own page it signs them in.
    const signIn = await fetch(`${server.url}/login/sign-in`, {
      method: "POST",
      body: new URLSearchParams({ email, password: personsPassword }),
      redirect: "manual",
    });
    expect(signIn.headers.get("set-cookie")).toMatch(/^latchkey\.session=/);
  });

  test("a service account signs in nowhere: on the page its password is a wrong one", async () => {
    const post = (form: Record<string, string>) =>
      fetch(`${server.url}/login/sign-in`, {
        method: "POST",
        body: new URLSearchParams(form),
        redirect: "manual",
      });
    const answer = await post({ email: account.username, password });
    const unknown = await post({ email: "nobody@example.test", password });
    expect([answer.status, answer.headers.get("location"), answer.headers.get("set-cookie")]).toEqual([
      303,
      unknown.headers.get("location"),
      null,
    ]);
  });
});

describe("the three switches", () => {
  const grantTypes = async () => {
    const metadata = await fetch(`${server.url}/.well-known/oauth-authorization-server`);
    return (await metadata.json()).grant_types_supported;
  };

  test("off for the installation, the grant is not there: not in metadata, not for an app that has it, not for who guesses", async () => {
    expect(await grantTypes()).toContain("password");
    await server.facts.setInstance({ password: false });
    expect(await grantTypes()).not.toContain("password");
    for (const answer of [await ask(), await ask({ password: "wrong" }), await ask({}, null)]) {
      expect(refused(answer)).toEqual([400, "unsupported_grant_type"]);
      expect(answer.body.error_description).not.toContain("password");
    }
    await server.facts.setInstance({ password: true });
    expect((await ask()).status).toBe(200);
  });

  test("off for the app, its client may not use it, and learns nothing about the password", async () => {
    const without = await server.facts.addApp({ preset: "service_account" });
    for (const changes of [{}, { password: "wrong" }, { username: "nobody-at-all" }])
      expect(refused(await ask(changes, without))).toEqual([400, "unauthorized_client"]);
  });

  test("past its end date, the app's switch is off by itself, refresh tokens included, and that is written down", async () => {
    const short = await addApp(2);
    const { body } = await ask({}, short);
    server.clock.forward(2 * DAY - 1);
    const still = await ask({}, short);
    expect(still.status).toBe(200);
    server.clock.forward(1);
    expect(refused(await ask({}, short))).toEqual([400, "unauthorized_client"]);
    for (const { refresh_token } of [body, still.body])
      expect((await post({ grant_type: "refresh_token", refresh_token }, short)).status).toBe(400);
    expect(await server.facts.lapsesOf(short.client_id)).toEqual([["password"]]);
  });

  test("an app must prove who it is before anybody's password is looked at", async () => {
    const answers = [
      await ask({}, { ...app, secret: "cs_wrong" }),
      await ask({ password: "wrong" }, { ...app, secret: "cs_wrong" }),
      await ask({}, null),
      await ask({ client_id: app.client_id }, null),
    ];
    expect(answers.map(refused)).toEqual(answers.map(() => [401, "invalid_client"]));
  });

  test("the classic preset has it as well, once its switch is on", async () => {
    const { status, body } = await ask({}, await addApp(1, "classic"));
    expect([status, body.expires_in, body.refresh_token]).toEqual([200, 1200, expect.stringMatching(/^rt_/)]);
  });
});

describe("bad input", () => {
  test.each([
    ["no username", { username: undefined }, "username is missing"],
    ["an empty username", { username: "" }, "username is missing"],
    ["no password", { password: undefined }, "password is missing"],
    ["an empty password", { password: "" }, "password is missing"],
  ])("%s is an invalid_request that says so", async (_, changes, said) => {
    const { status, body } = await ask(changes);
    expect([status, body]).toEqual([400, { error: "invalid_request", error_description: said }]);
  });

  test.each([
    ["a username with a zero character", { username: "sync\u0000" }],
    ["a username of ten thousand characters", { username: "s".repeat(10_000) }],
    ["a password over 72 bytes", { password: `${password}${"x".repeat(72)}` }],
    ["a password with a zero character", { password: `${password}\u0000` }],
    ["SQL", { username: "' OR kind = 'service' --" }],
  ])("%s is a wrong password and nothing else", async (_, changes) => {
    const answer = await ask(changes);
    expect(answer.status === 400 && ["invalid_grant", "invalid_request"].includes(answer.body.error)).toBe(
      true,
    );
    expect(server.log.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
  });
});

describe("too many wrong passwords", () => {
  const { fromOneAddress } = limits.passwords;

  test("lock the account: the right one then gets the answer of a wrong one, and the app's owner reads why", async () => {
    for (let time = 0; time < fromOneAddress; time += 1)
      expect(refused(await ask({ password: `guess-${time}` }))).toEqual(wrong);
    const locked = await ask();
    expect(locked.body).toEqual({
      error: "invalid_grant",
      error_description: "the username or the password is not valid",
    });
    expect(refused(await ask({}, await addApp(1)))).toEqual(wrong);
    const [newest] = await server.rt.db.prisma.requestLog.findMany({
      where: { appId: app.client_id, reason: { contains: "locked" } },
    });
    expect(newest?.received).toEqual({ username: account.username });
    const kept = await everythingKept();
    for (const typed of [password, "guess-0", "guess-9"]) expect(kept).not.toContain(typed);
    // Another account is not concerned.
    account = await addAccount();
    expect((await ask()).status).toBe(200);
  });
});
