/** Signing in through an OpenID provider, over real HTTP at both ends: who gets in, who does not, and who is linked. */
import bcrypt from "bcryptjs";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { limits } from "../../latchkey.config";
import { unlinkIdentity } from "../../lib/db/identities";
import { beginTotp, confirmTotp } from "../../lib/db/totp";
import { randomId } from "../../lib/oauth/tokens";
import { KEY_PURPOSE } from "../../lib/server/second-factor";
import { newTotpKey } from "../../lib/server/totp";
import { random } from "../support/databases";
import { type ProviderFault, startProvider, type TestProvider } from "../support/openid-provider";
import { startTestServer, type TestServer } from "../support/runtime";
import { createVisitor, type TestVisitor, type Visit } from "../support/visitor";

const password = "a good password";
let provider: TestProvider;
let server: TestServer;
let email: string;
beforeAll(async () => {
  provider = await startProvider();
  const { client_id: clientId, client_secret: clientSecret } = provider.client;
  const sso = { issuer: provider.issuer, clientId, clientSecret, name: "Northwind ID" };
  server = await startTestServer({ folder: null }, { sso });
  server.rt.passwords.verify = async (presented, hash) => !!hash && bcrypt.compare(presented, hash);
});
afterAll(async () => {
  await server?.close();
  await provider?.close();
});
beforeEach(async () => {
  const id = randomId(10, random).toLowerCase();
  email = `${id}@example.test`;
  provider.fault = "none";
  provider.person = { sub: id, email, email_verified: true, name: "Petra Provider" };
  await server.facts.setInstance({ sign_up: "invitation" });
});

const identities = () => server.rt.db.prisma.identity.findMany({ where: { subject: provider.person.sub } });
const people = () => server.rt.db.prisma.user.count({ where: { email } });

/** To the provider and back, as a browser goes. */
async function travel(visitor: TestVisitor, path = "/login/sso"): Promise<Visit> {
  const away = await visitor.get(path);
  if (!away.location.startsWith(provider.issuer)) return away;
  const answer = await fetch(away.location, { redirect: "manual" });
  const back = new URL(answer.headers.get("location") ?? "");
  return visitor.get(back.pathname + back.search);
}

/** Somebody who came from the provider and has set up an authenticator app. @returns the code it shows now */
async function withApp() {
  await travel(createVisitor(server.url));
  const { rt, clock } = server;
  const { id } = await rt.db.prisma.user.findUniqueOrThrow({ where: { email } });
  const key = newTotpKey(rt.db.random);
  const sealed = rt.keys.seal(KEY_PURPOSE, id, key);
  await beginTotp(rt.db, id, sealed);
  await confirmTotp(rt.db, id, sealed, 0);
  await rt.db.prisma.session.deleteMany({ where: { userId: id } });
  const code = () => TOTP.generate({ secret: Secret.fromBase32(key), timestamp: clock.now().getTime() });
  return { id, code };
}
const lastSession = (userId: string) =>
  server.rt.db.prisma.session.findFirstOrThrow({ where: { userId }, orderBy: { createdAt: "desc" } });

/** Somebody with a password who is signed in. */
async function member(address = email) {
  const id = await server.facts.addUser(address);
  const passwordHash = await bcrypt.hash(password, 4);
  await server.rt.db.prisma.user.update({ where: { id }, data: { passwordHash } });
  const visitor = createVisitor(server.url);
  await visitor.post("/login/sign-in", { email: address, password });
  return { id, visitor };
}

describe("the first time", () => {
  test("makes an account with a proven address and no password, and leads on", async () => {
    const petra = createVisitor(server.url);
    expect((await travel(petra, "/login/sso?next=/settings/profile")).location).toBe("/settings/profile");
    const user = await server.rt.db.prisma.user.findUniqueOrThrow({ where: { email } });
    expect(user).toMatchObject({
      name: "Petra Provider",
      passwordHash: "",
      emailVerifiedAt: server.clock.now(),
    });
    expect(await identities()).toMatchObject([{ userId: user.id, issuer: provider.issuer, email }]);
    expect(petra.cookies().has("latchkey.session")).toBe(true);
    expect(petra.cookies().has("latchkey.sso")).toBe(false);
    const noPassword = await createVisitor(server.url).post("/login/sign-in", { email, password: "" });
    expect(noPassword.query.get("error")).toBe("credentials");
  });

  test("carries the authorize request along, and asks with PKCE, state and nonce", async () => {
    const petra = createVisitor(server.url);
    expect((await travel(petra, "/login/sso?request=abc")).location).toBe(
      "/oauth/authorize/continue?request=abc",
    );
    expect(Object.fromEntries(provider.asked)).toMatchObject({
      response_type: "code",
      code_challenge_method: "S256",
      redirect_uri: `${server.url}/login/sso/callback`,
      scope: "openid email profile",
      state: expect.stringMatching(/.{20}/),
      nonce: expect.stringMatching(/.{20}/),
    });
  });

  test("takes the address from the userinfo endpoint where that is where it is", async () => {
    provider.fault = "address elsewhere";
    expect((await travel(createVisitor(server.url))).location).toBe("/");
    expect(await people()).toBe(1);
  });

  test.each([
    ["an address it does not vouch for", { email_verified: false }, "sso_unverified"],
    ["no word on the address", { email_verified: undefined }, "sso_unverified"],
    ["no address", { email: undefined }, "sso_unverified"],
    ["what is no address", { email: "a\r\nBcc: b@c.example" }, "sso_unverified"],
  ])("makes nobody of %s", async (_, claims, error) => {
    Object.assign(provider.person, claims);
    const petra = createVisitor(server.url);
    expect((await travel(petra, "/login/sso?next=/settings")).location).toBe(
      `/login?error=${error}&next=%2Fsettings`,
    );
    expect([await people(), await identities(), petra.cookies().size]).toEqual([0, [], 0]);
  });

  test("makes nobody where sign-up is off; who is linked goes on signing in", async () => {
    const petra = createVisitor(server.url);
    await travel(petra);
    await server.facts.setInstance({ sign_up: "off" });
    expect((await travel(createVisitor(server.url))).location).toBe("/");
    provider.person = { ...provider.person, sub: `other-${email}`, email: `other-${email}` };
    expect((await travel(createVisitor(server.url))).query.get("error")).toBe("sso_closed");
  });

  test("never opens an account that has the address already, whoever says so", async () => {
    const id = await server.facts.addUser(email);
    for (const said of [email, email.toUpperCase()]) {
      provider.person.email = said;
      const petra = createVisitor(server.url);
      expect((await travel(petra)).query.get("error")).toBe("sso_taken");
      expect(petra.cookies().has("latchkey.session")).toBe(false);
    }
    expect(await server.rt.db.prisma.identity.count({ where: { userId: id } })).toBe(0);
  });

  test("through two windows at once makes one account, and both are in", async () => {
    const both = await Promise.all([travel(createVisitor(server.url)), travel(createVisitor(server.url))]);
    expect(both.map(({ location }) => location)).toEqual(["/", "/"]);
    expect([await people(), (await identities()).length]).toEqual([1, 1]);
  });
});

describe("somebody who is linked", () => {
  test("signs in whatever their address is called by now, at either end", async () => {
    await travel(createVisitor(server.url));
    provider.person.email = `renamed-${email}`;
    provider.person.email_verified = false;
    expect((await travel(createVisitor(server.url))).location).toBe("/");
    await server.rt.db.prisma.user.update({ where: { email }, data: { email: `moved-${email}` } });
    expect((await travel(createVisitor(server.url))).location).toBe("/");
    expect((await identities())[0]?.lastUsedAt).toEqual(server.clock.now());
  });

  test("does not when suspended", async () => {
    await travel(createVisitor(server.url));
    await server.rt.db.prisma.user.update({ where: { email }, data: { status: "suspended" } });
    expect((await travel(createVisitor(server.url))).query.get("error")).toBe("sso_suspended");
  });
});

describe("somebody with an authenticator app here", () => {
  test("is asked for it after the provider, as after a password, and keeps where they were going", async () => {
    const { id, code } = await withApp();
    const petra = createVisitor(server.url);
    expect((await travel(petra, "/login/sso?next=/settings/sessions")).location).toBe(
      "/login/second?next=%2Fsettings%2Fsessions",
    );
    expect([...petra.cookies().keys()]).toEqual(["latchkey.pending"]);
    expect(await server.rt.db.prisma.session.count({ where: { userId: id } })).toBe(0);
    const wrong = await petra.post("/login/second/check", { code: "000000", next: "/settings/sessions" });
    expect(wrong.query.get("error")).toBe("code");
    const right = await petra.post("/login/second/check", { code: code(), next: "/settings/sessions" });
    expect(right.location).toBe("/settings/sessions");
    expect(petra.cookies().has("latchkey.session")).toBe(true);
  });

  test("is asked with the authorize request still on its way", async () => {
    await withApp();
    const there = await travel(createVisitor(server.url), "/login/sso?request=abc");
    expect(there.location).toBe("/login/second?request=abc");
  });

  test.each([
    ["amr with mfa", { amr: ["pwd", "otp", "mfa"] }],
    ["a class that means several factors", { acr: "https://refeds.org/profile/mfa" }],
  ])("is not asked where the provider says that it asked: %s", async (_, says) => {
    await withApp();
    Object.assign(provider.person, says);
    const petra = createVisitor(server.url);
    expect((await travel(petra)).location).toBe("/");
    expect(petra.cookies().has("latchkey.session")).toBe(true);
  });

  test.each([
    ["one factor, whichever", { amr: ["pwd"] }],
    ["text instead of a list", { amr: "mfa" }],
    ["something like the word", { amr: ["mfa2", null, ["mfa"], { mfa: true }] }],
    ["a class of another name", { acr: "0", amr: [] }],
  ])("is asked where the provider says anything else: %s", async (_, says) => {
    await withApp();
    Object.assign(provider.person, says);
    expect((await travel(createVisitor(server.url))).location).toBe("/login/second");
  });

  test("is asked although the userinfo endpoint, which signs nothing, speaks of several factors", async () => {
    await withApp();
    provider.person.amr = ["mfa"];
    provider.fault = "address elsewhere";
    expect((await travel(createVisitor(server.url))).location).toBe("/login/second");
  });
});

describe("linking", () => {
  test("is for who is signed in and has proved it a short while ago, from a page of ours", async () => {
    const { id, visitor } = await member();
    expect((await travel(createVisitor(server.url), "/login/sso?for=link")).location).toMatch(
      /^\/login\?next=/,
    );
    const foreign = await visitor.get("/login/sso?for=link", { "sec-fetch-site": "cross-site" });
    expect(foreign.location).toBe("/settings/profile");
    server.clock.forward(limits.freshSeconds);
    expect((await visitor.get("/login/sso?for=link")).location).toMatch(/^\/login\/confirm\?/);
    await visitor.post("/login/confirm/check", { password });
    expect((await travel(visitor, "/login/sso?for=link")).location).toBe(
      "/settings/profile?notice=sso-linked",
    );
    expect(await identities()).toMatchObject([{ userId: id }]);
    expect((await travel(visitor, "/login/sso?for=link")).location).toBe(
      "/settings/profile?notice=sso-linked",
    );
    expect(await identities()).toHaveLength(1);
    expect((await travel(createVisitor(server.url))).location).toBe("/");
    const events = { actorId: id, action: "identity.linked" };
    expect(await server.rt.db.prisma.auditEvent.count({ where: events })).toBe(1);
  });

  test("does not take an identity from another account", async () => {
    const first = await member();
    await travel(first.visitor, "/login/sso?for=link");
    const second = await member(`second-${email}`);
    expect((await travel(second.visitor, "/login/sso?for=link")).location).toBe(
      "/settings/profile?notice=sso-taken",
    );
    expect(await identities()).toMatchObject([{ userId: first.id }]);
  });

  test("that comes back to somebody else's session links nothing", async () => {
    const { visitor } = await member();
    const away = await visitor.get("/login/sso?for=link");
    const other = `other-${email}`;
    await member(other);
    await visitor.post("/login/sign-in", { email: other, password });
    const answer = await fetch(away.location, { redirect: "manual" });
    const back = new URL(answer.headers.get("location") ?? "");
    expect((await visitor.get(back.pathname + back.search)).location).toBe(
      "/settings/profile?error=sso_ended",
    );
    expect(await identities()).toEqual([]);
  });

  test("is undone, but not where it is the one way in", async () => {
    const { id, visitor } = await member();
    await travel(visitor, "/login/sso?for=link");
    const { db } = server.rt;
    const [identity] = await identities();
    if (!identity) throw new Error("nothing was linked");
    expect(await unlinkIdentity(db, "somebody else", identity)).toBe("gone");
    await db.prisma.user.update({ where: { id }, data: { passwordHash: "" } });
    expect(await unlinkIdentity(db, id, identity)).toBe("only");
    await db.prisma.user.update({ where: { id }, data: { passwordHash: "hash" } });
    expect(await unlinkIdentity(db, id, identity)).toBe("done");
    expect(await unlinkIdentity(db, id, identity)).toBe("gone");
    expect((await travel(createVisitor(server.url))).query.get("error")).toBe("sso_taken");
  });
});

describe("confirming who one is", () => {
  test("has the provider ask anew, and counts for who is linked alone", async () => {
    const petra = createVisitor(server.url);
    await travel(petra);
    server.clock.forward(3600);
    const there = "/login/sso?for=confirm&next=/settings/sessions";
    const self = provider.person;
    provider.person = { sub: "somebody else", email: "else@example.test", email_verified: true };
    expect((await travel(petra, there)).location).toMatch(/^\/login\/confirm\?error=sso_other/);
    provider.person = self;
    expect((await travel(petra, there)).location).toBe("/settings/sessions");
    expect([provider.asked.get("prompt"), provider.asked.get("max_age")]).toEqual(["login", "120"]);
    const { id } = await server.rt.db.prisma.user.findUniqueOrThrow({ where: { email } });
    expect((await lastSession(id)).confirmedAt).toEqual(server.clock.now());
  });

  test.each<ProviderFault>(["old sign-in", "no time"])(
    "is refused where the provider did not ask anew: %s",
    async (fault) => {
      const petra = createVisitor(server.url);
      await travel(petra);
      server.clock.forward(3600);
      provider.fault = fault;
      expect((await travel(petra, "/login/sso?for=confirm&next=/settings")).location).toBe(
        "/login/confirm?error=sso_invalid&next=%2Fsettings",
      );
      const { id } = await server.rt.db.prisma.user.findUniqueOrThrow({ where: { email } });
      expect((await lastSession(id)).confirmedAt).not.toEqual(server.clock.now());
    },
  );

  test("takes the second factor of who has one, or a provider that asked for several", async () => {
    const { id, code } = await withApp();
    const petra = createVisitor(server.url);
    await travel(petra);
    await petra.post("/login/second/check", { code: code() });
    server.clock.forward(3600);
    const there = "/login/sso?for=confirm&next=/settings/sessions";
    expect((await travel(petra, there)).query.get("error")).toBe("sso_factor");
    expect((await lastSession(id)).confirmedAt).not.toEqual(server.clock.now());
    provider.person.amr = ["mfa"];
    expect((await travel(petra, there)).location).toBe("/settings/sessions");
    expect((await lastSession(id)).confirmedAt).toEqual(server.clock.now());
  });

  test("is not done by a sign-in, when the one at the provider is a while ago", async () => {
    await travel(createVisitor(server.url));
    const long = Math.floor(server.clock.now().getTime() / 1000) - 2 * limits.freshSeconds;
    provider.person.auth_time = long;
    const petra = createVisitor(server.url);
    expect((await travel(petra)).location).toBe("/");
    const { id } = await server.rt.db.prisma.user.findUniqueOrThrow({ where: { email } });
    expect((await petra.get("/login/sso?for=link")).location).toMatch(/^\/login\/confirm\?/);
    const confirmed = await server.rt.db.prisma.session.count({
      where: { userId: id, confirmedAt: new Date(long * 1000) },
    });
    expect(confirmed).toBe(1);
    // A clock that runs ahead makes nothing newer than now.
    provider.person.auth_time = long + 10 * limits.freshSeconds;
    server.clock.forward(1);
    await travel(createVisitor(server.url));
    expect((await lastSession(id)).confirmedAt).toEqual(server.clock.now());
  });
});

describe("an answer", () => {
  test.each<[ProviderFault, string]>([
    ["declines", "sso_declined"],
    ["wrong nonce", "sso_invalid"],
    ["wrong issuer", "sso_invalid"],
    ["wrong audience", "sso_invalid"],
    ["wrong key", "sso_invalid"],
    ["down", "sso_away"],
  ])("with the fault “%s” lets nobody in and is told: %s", async (fault, error) => {
    const petra = createVisitor(server.url);
    const away = await petra.get("/login/sso?next=/settings");
    if (fault !== "down") provider.fault = fault;
    const answer = await fetch(away.location, { redirect: "manual" });
    provider.fault = fault;
    const back = new URL(answer.headers.get("location") ?? "");
    const end = await petra.get(back.pathname + back.search);
    expect(end.location).toBe(`/login?error=${error}&next=%2Fsettings`);
    expect([await people(), petra.cookies().size]).toEqual([0, 0]);
  });

  test("of another browser, with another state, or a second time is worth nothing", async () => {
    const [petra, thief] = [createVisitor(server.url), createVisitor(server.url)];
    const away = await petra.get("/login/sso");
    const answer = await fetch(away.location, { redirect: "manual" });
    const back = new URL(answer.headers.get("location") ?? "");
    expect((await thief.get(back.pathname + back.search)).location).toBe("/login?error=sso_ended");
    // Sign-in forgery: somebody else's code, to a browser that began a sign-in of its own.
    await thief.get("/login/sso");
    expect((await thief.get(back.pathname + back.search)).location).toBe("/login?error=sso_invalid");
    expect((await petra.get(back.pathname + back.search)).location).toBe("/");
    expect((await petra.get(back.pathname + back.search)).location).toBe("/login?error=sso_ended");
  });

  test.each(["", "code=x", "state=x", "code=x&code=y", "code=%00&state=%ff", "error=x"])(
    "made up as “%s” is refused with a page",
    async (query) => {
      const petra = createVisitor(server.url);
      await petra.get("/login/sso");
      const end = await petra.get(`/login/sso/callback?${query}`);
      expect([end.status, end.location]).toEqual([303, "/login?error=sso_invalid"]);
      expect((await createVisitor(server.url).get(`/login/sso/callback?${query}`)).location).toBe(
        "/login?error=sso_ended",
      );
    },
  );
});

test("a provider that is down at first is asked again, and read once from then on", async () => {
  const other = await startProvider();
  const { client_id: clientId, client_secret: clientSecret } = other.client;
  const { createSso } = await import("../../lib/server/sso");
  const sso = createSso({ issuer: other.issuer, clientId, clientSecret, name: "Other" }, server.url);
  other.fault = "down";
  await expect(sso.begin(false)).rejects.toMatchObject({ problem: "away" });
  other.fault = "none";
  await Promise.all([sso.begin(false), sso.begin(false), sso.begin(false)]);
  expect(other.discoveries).toBe(1);
  await other.close();
  const gone = createSso({ issuer: other.issuer, clientId, clientSecret, name: "Other" }, server.url);
  await expect(gone.begin(false)).rejects.toMatchObject({ problem: "away", code: "no connection" });
});

test("without a provider there is nothing at its addresses", async () => {
  const { sso } = server.rt;
  server.rt.sso = null;
  for (const path of ["/login/sso", "/login/sso/callback?code=x"])
    expect((await createVisitor(server.url).get(path)).status).toBe(404);
  server.rt.sso = sso;
});
