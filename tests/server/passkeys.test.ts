/** Passkeys over real HTTP, with an authenticator in software: what an answer must hold, and that it counts once. */
import bcrypt from "bcryptjs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { limits } from "../../latchkey.config";
import { listPasskeys } from "../../lib/db/passkeys";
import { newChallenge } from "../../lib/server/passkey-challenge";
import { passkeyName } from "../../lib/server/passkey-name";
import { askForNewPasskey, keepPasskey } from "../../lib/server/passkeys";
import { type Authenticator, createAuthenticator, type Lies } from "../support/authenticator";
import { giveTotp } from "../support/factors";
import { startTestServer, type TestServer } from "../support/runtime";

const password = "the right password";
let server: TestServer;
let user: { id: string; name: string; email: string };
let passwordHash: string;
let authenticator: Authenticator;

beforeAll(async () => {
  server = await startTestServer();
  passwordHash = await bcrypt.hash(password, 4);
  server.rt.passwords.verify = async (presented, hash) => hash !== null && bcrypt.compare(presented, hash);
});
afterAll(() => server?.close());

const person = async () => {
  const id = await server.facts.addUser();
  return server.rt.db.prisma.user.update({ where: { id }, data: { passwordHash } });
};
const add = async (lies: Lies = {}, to = user) => {
  const { challenge } = await askForNewPasskey(server.rt, to);
  return keepPasskey(server.rt, to.id, authenticator.attest(challenge, lies), "");
};
beforeEach(async () => {
  user = await person();
  authenticator = createAuthenticator(server.url);
  expect(await add()).toBe("Passkey");
  server.letters.length = 0;
});

const send = (path: string, body: string | URLSearchParams, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { method: "POST", headers, body, redirect: "manual" });
const askOptions = (body: unknown, headers: Record<string, string> = {}) =>
  send("/login/passkey/options", JSON.stringify(body), { "content-type": "application/json", ...headers });
const options = async (purpose: "sign in" | "confirm", cookie = "") =>
  (await askOptions({ for: purpose }, { cookie })).json();

async function signIn(answer: string, form: Record<string, string> = {}, cookie = "") {
  const sent = await send("/login/passkey", new URLSearchParams({ answer, ...form }), { cookie });
  expect(sent.status).toBe(303);
  const [session] = sent.headers.getSetCookie();
  return { to: sent.headers.get("location"), cookie: session?.split(";", 1)[0] ?? "" };
}
/** A sign-in whose answer is right but for these lies. */
async function tryWith(lies: Lies) {
  const { challenge } = await options("sign in");
  return signIn(authenticator.assert(challenge, user.id, lies));
}
const refused = { to: "/login?error=passkey", cookie: "" };
const sessions = () => server.rt.db.prisma.session.count({ where: { userId: user.id } });

describe("signing in with a passkey", () => {
  test("opens a session, also for who has an authenticator app, and goes on", async () => {
    await giveTotp(server.rt.db, user.id);
    const asked = await options("sign in");
    expect(asked).toMatchObject({ rpId: "127.0.0.1", userVerification: "required", allowCredentials: [] });
    const { to, cookie } = await signIn(authenticator.assert(asked.challenge, user.id), {
      next: "/settings",
    });
    expect(to).toBe("/settings");
    expect(cookie).toMatch(/^latchkey\.session=ey/);
    expect((await listPasskeys(server.rt.db, user.id))[0]?.lastUsedAt).toEqual(server.clock.now());
  });

  test("goes on to the app that asked", async () => {
    const { challenge } = await options("sign in");
    const { to } = await signIn(authenticator.assert(challenge, user.id), { request: "abc" });
    expect(to).toBe("/oauth/authorize/continue?request=abc");
  });

  test("needs no user handle, and refuses somebody else's", async () => {
    expect((await tryWith({ userHandle: null })).to).toBe("/");
    const { id } = await person();
    expect(await tryWith({ userHandle: Buffer.from(id).toString("base64url") })).toEqual(refused);
  });

  test("counts once, also when eight bring the same answer at once", async () => {
    const { challenge } = await options("sign in");
    const answer = authenticator.assert(challenge, user.id);
    const sent = await Promise.all(Array.from({ length: 8 }, () => signIn(answer)));
    expect(sent.filter(({ to }) => to === "/")).toHaveLength(1);
    expect([await sessions(), await signIn(answer)]).toEqual([1, refused]);
  });

  test.each<[string, Lies]>([
    ["from another origin", { origin: "https://evil.example" }],
    ["for another host", { rpId: "evil.example" }],
    ["to a challenge that is not ours", { challenge: Buffer.alloc(54).toString("base64url") }],
    ["without a challenge of any length", { challenge: "AA" }],
    ["of the wrong kind", { type: "webauthn.create" }],
    ["of a device that did not check who holds it", { unverified: true }],
  ])("refuses an answer %s", async (_, lies) => {
    expect(await tryWith(lies)).toEqual(refused);
    expect(await sessions()).toBe(0);
  });

  test("refuses an answer that is too late, or that was asked for something else", async () => {
    const { challenge } = await options("sign in");
    server.clock.forward(limits.passkeySeconds);
    expect(await signIn(authenticator.assert(challenge, user.id))).toEqual(refused);
    for (const does of ["add", "confirm"] as const) {
      const other = newChallenge(server.rt, { does, userId: user.id }).toString("base64url");
      expect(await signIn(authenticator.assert(other, user.id))).toEqual(refused);
    }
  });

  test("refuses a signature by another key, a passkey nobody has, and who is suspended", async () => {
    const { challenge } = await options("sign in");
    const stranger = createAuthenticator(server.url);
    expect(await signIn(stranger.assert(challenge, user.id))).toEqual(refused);
    const swapped = { ...JSON.parse(stranger.assert(challenge, user.id)) };
    const { credentialId } = authenticator;
    expect(await signIn(JSON.stringify({ ...swapped, id: credentialId, rawId: credentialId }))).toEqual(
      refused,
    );
    await server.facts.suspendUser(user.id);
    expect(await signIn(authenticator.assert(challenge, user.id))).toEqual(refused);
  });

  test("refuses a counter that does not grow, and tells the owner", async () => {
    authenticator.counter = 7;
    expect((await tryWith({})).to).toBe("/");
    expect(await tryWith({})).toEqual(refused);
    authenticator.counter = 6;
    expect(await tryWith({})).toEqual(refused);
    expect(server.letters.map(({ to, subject }) => [to, subject])).toEqual(
      Array(2).fill([user.email, "Latchkey: a passkey may have been copied"]),
    );
    authenticator.counter = 8;
    expect((await tryWith({})).to).toBe("/");
  });

  test.each([
    "",
    "{}",
    "null",
    "[1]",
    '{"id":1}',
    '{"id":"a","rawId":"a","type":"public-key","response":{}}',
    '{"id":"a","rawId":"a","type":"public-key","response":{"clientDataJSON":"AA","authenticatorData":"AA","signature":"AA"}}',
    `{"id":"${"a".repeat(9000)}"}`,
  ])("refuses %j", async (answer) => {
    expect(await signIn(answer)).toEqual(refused);
  });

  test("refuses a form that is none of ours", async () => {
    expect((await send("/login/passkey", "answer=%00")).status).toBe(400);
    expect((await send("/login/passkey", new URLSearchParams("answer=%00"))).status).toBe(400);
    expect((await send("/login/passkey", new URLSearchParams("answer={}&answer={}"))).status).toBe(400);
  });

  test("refuses the bytes of an answer wherever one of them is changed", async () => {
    const { challenge } = await options("sign in");
    const whole = JSON.parse(authenticator.assert(challenge, user.id));
    for (const part of ["authenticatorData", "signature", "clientDataJSON"]) {
      const bytes = Buffer.from(whole.response[part], "base64url");
      for (let at = 0; at < bytes.length; at += 7) {
        const bent = Buffer.from(bytes);
        bent[at] = (bent[at] ?? 0) ^ 1;
        const response = { ...whole.response, [part]: bent.toString("base64url") };
        expect(await signIn(JSON.stringify({ ...whole, response }))).toEqual(refused);
      }
    }
    expect((await signIn(JSON.stringify(whole))).to).toBe("/");
  });
});

describe("what a browser is asked for", () => {
  test("at the second step is one of that person's passkeys, and what fails there stays there", async () => {
    await giveTotp(server.rt.db, user.id);
    const form = new URLSearchParams({ email: user.email, password });
    const first = await send("/login/sign-in", form);
    const cookie = first.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
    const { challenge, allowCredentials } = await options("sign in", cookie);
    expect(allowCredentials).toEqual([
      { id: authenticator.credentialId, transports: ["internal"], type: "public-key" },
    ]);
    expect((await signIn("{}", {}, cookie)).to).toBe("/login/second?error=passkey");
    expect((await signIn(authenticator.assert(challenge, user.id), {}, cookie)).to).toBe("/");
  });

  test("is said to pages of ours alone, in JSON, and to confirm to who is signed in", async () => {
    expect((await askOptions({ for: "sign in" }, { origin: "https://evil.example" })).status).toBe(403);
    expect((await askOptions({ for: "confirm" })).status).toBe(401);
    for (const body of [null, {}, { for: "add" }, "sign in", [1]])
      expect((await askOptions(body)).status).toBe(400);
    const wrongType = await send("/login/passkey/options", '{"for":"sign in"}', {
      "content-type": "text/plain",
    });
    expect(wrongType.status).toBe(400);
    const broken = await send("/login/passkey/options", "{", { "content-type": "application/json" });
    expect(broken.status).toBe(400);
  });
});

describe("confirming with a passkey", () => {
  const confirm = async (answer: string, cookie: string) => {
    const form = new URLSearchParams({ answer, next: "/admin/apps" });
    return (await send("/login/confirm/passkey", form, { cookie })).headers.get("location");
  };

  test("takes one of one's own, once, that was asked for this", async () => {
    const { cookie } = await tryWith({});
    server.clock.forward(3600);
    const { challenge } = await options("confirm", cookie);
    const answer = authenticator.assert(challenge, user.id);
    expect(await signIn(answer)).toEqual(refused);
    expect(await confirm(answer, "")).toBe("/login?next=%2Fadmin%2Fapps");
    expect(await confirm(answer, cookie)).toBe("/admin/apps");
    const session = await server.rt.db.prisma.session.findFirstOrThrow({ where: { userId: user.id } });
    expect(session.confirmedAt).toEqual(server.clock.now());
    expect(await confirm(answer, cookie)).toBe("/login/confirm?error=passkey&next=%2Fadmin%2Fapps");
  });

  test("does not take somebody else's", async () => {
    const { cookie } = await tryWith({});
    const { challenge } = await options("confirm", cookie);
    const other = await person();
    authenticator = createAuthenticator(server.url);
    await add({}, other);
    expect(await confirm(authenticator.assert(challenge, other.id), cookie)).toContain("error=passkey");
  });
});

describe("adding a passkey", () => {
  beforeEach(() => {
    authenticator = createAuthenticator(server.url);
  });

  test("asks for one that stays on the device and checks who holds it, and for none that is there", async () => {
    const { excludeCredentials, authenticatorSelection, rp, challenge } = await askForNewPasskey(
      server.rt,
      user,
    );
    expect([excludeCredentials?.length, rp.id, challenge.length]).toEqual([1, "127.0.0.1", 72]);
    expect(authenticatorSelection).toMatchObject({ residentKey: "required", userVerification: "required" });
  });

  test.each<[string, Lies]>([
    ["from another origin", { origin: "https://evil.example" }],
    ["for another host", { rpId: "evil.example" }],
    ["of the wrong kind", { type: "webauthn.get" }],
    ["of a device that did not check who holds it", { unverified: true }],
    ["to another challenge", { challenge: Buffer.alloc(54).toString("base64url") }],
  ])("refuses an answer %s", async (_, lies) => {
    expect(await add(lies)).toBeNull();
    expect(await listPasskeys(server.rt.db, user.id)).toHaveLength(1);
  });

  test("takes an answer once, in time, from whom it was asked", async () => {
    const { challenge } = await askForNewPasskey(server.rt, user);
    const answer = authenticator.attest(challenge);
    const other = await person();
    expect(await keepPasskey(server.rt, other.id, answer, "")).toBeNull();
    const sent = Array.from({ length: 4 }, () => keepPasskey(server.rt, user.id, answer, ""));
    expect((await Promise.all(sent)).filter((name) => name !== null)).toHaveLength(1);
    const late = (await askForNewPasskey(server.rt, user)).challenge;
    server.clock.forward(limits.passkeySeconds);
    authenticator = createAuthenticator(server.url);
    expect(await keepPasskey(server.rt, user.id, authenticator.attest(late), "")).toBeNull();
    for (const broken of ["", "{}", "\0", "null"])
      expect(await keepPasskey(server.rt, user.id, broken, "")).toBeNull();
  });
});

test.each([
  ["bada5566-a7aa-401f-bd96-45619a55120d", "whatever", "1Password"],
  ["00000000-0000-0000-0000-000000000000", "", "Passkey"],
  ["00000000-0000-0000-0000-000000000000", "nonsense \u0000", "Passkey"],
  [
    "00000000-0000-0000-0000-000000000000",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
    "Safari on macOS",
  ],
])("a passkey of %s made with %j is called %j… %s", (aaguid, userAgent, name) => {
  expect(passkeyName(aaguid, userAgent)).toBe(name);
});
