/** The second step of the sign-in over real HTTP: no session before it, each code once, and guessing that has to wait. */
import bcrypt from "bcryptjs";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { limits } from "../../latchkey.config";
import { changePassword } from "../../lib/db/passwords";
import { resetSecondFactors } from "../../lib/db/second-factors";
import { beginTotp, confirmTotp } from "../../lib/db/totp";
import { createKeyring } from "../../lib/server/keyring";
import { pendingCookie } from "../../lib/server/pending-sign-in";
import { resealKeys } from "../../lib/server/reseal";
import { KEY_PURPOSE } from "../../lib/server/second-factor";
import { newTotpKey } from "../../lib/server/totp";
import { startTestServer, type TestServer } from "../support/runtime";

const password = "the right password";
let server: TestServer;
let passwordHash: string;
let email: string;
let userId: string;
let key: string;
let codes: string[];
let next = 0;

beforeAll(async () => {
  server = await startTestServer({ folder: null }, { trustProxy: 1 });
  passwordHash = await bcrypt.hash(password, 4);
  server.rt.passwords.verify = async (presented, hash) => hash !== null && bcrypt.compare(presented, hash);
});
afterAll(() => server?.close());
beforeEach(async () => {
  const { rt } = server;
  userId = await server.facts.addUser();
  ({ email } = await rt.db.prisma.user.update({ where: { id: userId }, data: { passwordHash } }));
  key = newTotpKey(rt.db.random);
  const sealed = rt.keys.seal(KEY_PURPOSE, userId, key);
  await beginTotp(rt.db, userId, sealed);
  codes = (await confirmTotp(rt.db, userId, sealed, 0)) ?? [];
  server.letters.length = 0;
});

const newAddress = () => `10.2.${next >> 8}.${next++ & 255}`;
/** The code an app shows, so many steps from now. */
const code = (steps = 0, of = key) =>
  TOTP.generate({
    secret: Secret.fromBase32(of),
    timestamp: server.clock.now().getTime() + steps * 30_000,
  });

async function post(path: string, form: Record<string, string>, cookie = "", address = newAddress()) {
  const answer = await fetch(server.url + path, {
    method: "POST",
    headers: { "x-forwarded-for": address, cookie },
    body: new URLSearchParams(form),
    redirect: "manual",
  });
  expect([answer.status, answer.headers.get("cache-control")]).toEqual([303, "no-store"]);
  const set = answer.headers.getSetCookie();
  const jar = Object.fromEntries(set.map((line) => (line.split(";", 1)[0] ?? "").split("=", 2)));
  return { to: answer.headers.get("location"), set, jar };
}

/** The right password. @returns the cookie of the pending sign-in */
async function firstStep(form: Record<string, string> = {}): Promise<string> {
  const { jar } = await post("/login/sign-in", { email, password, ...form });
  return `latchkey.pending=${jar["latchkey.pending"]}`;
}
const secondStep = (form: Record<string, string>, cookie: string, address?: string) =>
  post("/login/second/check", form, cookie, address);
const sessions = () => server.rt.db.prisma.session.count({ where: { userId } });

describe("the right password of somebody with an authenticator app", () => {
  test("opens no session, and leads to the second step with a cookie for ten minutes", async () => {
    const { to, set } = await post("/login/sign-in", { email, password, next: "/settings" });
    expect(to).toBe("/login/second?next=%2Fsettings");
    expect(set).toHaveLength(1);
    expect(set[0]).toMatch(/^latchkey\.pending=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/);
    for (const told of [userId, email, passwordHash]) expect(set[0]).not.toContain(told);
    expect(await sessions()).toBe(0);
  });

  test("and a wrong one says what it says to everybody", async () => {
    const { to, set } = await post("/login/sign-in", { email, password: "wrong" });
    expect([to, set]).toEqual(["/login?error=credentials", []]);
  });

  test("is enough for who has only passkeys, or a set-up that was not finished", async () => {
    const id = await server.facts.addUser();
    const other = await server.rt.db.prisma.user.update({ where: { id }, data: { passwordHash } });
    await beginTotp(server.rt.db, id, new Uint8Array([1]));
    const { to, jar } = await post("/login/sign-in", { email: other.email, password });
    expect([to, Object.keys(jar)]).toEqual(["/", ["latchkey.session", "latchkey.device"]]);
  });
});

describe("the second step", () => {
  test("opens the session with the app's code, takes the cookie away and goes on", async () => {
    const cookie = await firstStep();
    const { to, jar, set } = await secondStep({ code: code(), next: "/settings/profile" }, cookie);
    expect(to).toBe("/settings/profile");
    expect(Object.keys(jar)).toEqual(["latchkey.session", "latchkey.device", "latchkey.pending"]);
    expect(set[2]).toMatch(/^latchkey\.pending=; Max-Age=0/);
    expect(await sessions()).toBe(1);
  });

  test("goes on to the app that asked, and nowhere else", async () => {
    const cookie = await firstStep({ request: "abc" });
    expect((await secondStep({ code: "000000", request: "abc" }, cookie)).to).toBe(
      "/login/second?error=code&request=abc",
    );
    expect((await secondStep({ code: code(), request: "abc" }, cookie)).to).toBe(
      "/oauth/authorize/continue?request=abc",
    );
    server.clock.forward(60);
    const again = await firstStep();
    expect((await secondStep({ code: code(), next: "//evil.example" }, again)).to).toBe("/");
  });

  test("takes each code once, whoever brings it", async () => {
    const [one, two] = [await firstStep(), await firstStep()];
    const same = code();
    expect((await secondStep({ code: same }, one)).to).toBe("/");
    expect((await secondStep({ code: same }, one)).to).toBe("/login/second?error=code");
    expect((await secondStep({ code: same }, two)).to).toBe("/login/second?error=code");
    expect(await sessions()).toBe(1);
    server.clock.forward(30);
    expect((await secondStep({ code: code() }, two)).to).toBe("/");
  });

  test("takes one of eight that come with the same code at once", async () => {
    const cookies = await Promise.all(Array.from({ length: 8 }, () => firstStep()));
    const same = code();
    const answers = await Promise.all(cookies.map((cookie) => secondStep({ code: same }, cookie)));
    expect(answers.filter(({ to }) => to === "/")).toHaveLength(1);
    expect(await sessions()).toBe(1);
  });

  test("takes a recovery code once, and tells its owner by letter", async () => {
    const cookie = await firstStep();
    const [first = ""] = codes;
    const answer = await secondStep({ recovery_code: first.toUpperCase() }, cookie);
    expect([answer.to, Object.keys(answer.jar)[0]]).toEqual(["/", "latchkey.session"]);
    expect(server.letters).toMatchObject([{ to: email, subject: "Latchkey: a recovery code was used" }]);
    expect(server.letters[0]?.text).toContain("9 are left");
    expect(server.letters[0]?.text).not.toContain(first);
    expect((await secondStep({ recovery_code: first }, cookie)).to).toBe(
      "/login/second?error=code&with=recovery",
    );
    expect(await sessions()).toBe(1);
  });

  test("lets one of eight in who come with one recovery code at once", async () => {
    const cookies = await Promise.all(Array.from({ length: 8 }, () => firstStep()));
    const form = { recovery_code: codes[3] ?? "" };
    const answers = await Promise.all(cookies.map((cookie) => secondStep(form, cookie)));
    expect(answers.filter(({ to }) => to === "/")).toHaveLength(1);
    expect([await sessions(), server.letters.length]).toEqual([1, 1]);
  });

  test("does not take another person's code or recovery code", async () => {
    const [own, ofOther] = [await firstStep(), codes[0] ?? ""];
    const id = await server.facts.addUser();
    const theirs = newTotpKey(server.rt.db.random);
    const sealed = server.rt.keys.seal(KEY_PURPOSE, id, theirs);
    await beginTotp(server.rt.db, id, sealed);
    const codesOfThem = (await confirmTotp(server.rt.db, id, sealed, 0)) ?? [];
    expect(codesOfThem).not.toContain(ofOther);
    expect((await secondStep({ code: code(0, theirs) }, own)).to).toContain("error=code");
    expect((await secondStep({ recovery_code: codesOfThem[0] ?? "" }, own)).to).toContain("error=code");
    expect(await sessions()).toBe(0);
  });
});

describe("a pending sign-in", () => {
  const late = "/login?error=late";

  test("lasts ten minutes", async () => {
    const cookie = await firstStep();
    server.clock.forward(limits.secondStepSeconds - 1);
    expect((await secondStep({ code: "000000" }, cookie)).to).toContain("error=code");
    server.clock.forward(1);
    expect((await secondStep({ code: code() }, cookie)).to).toBe(late);
    expect(await sessions()).toBe(0);
  });

  test("ends with a change of the password, a suspension, and a reset by an administrator", async () => {
    const { db } = server.rt;
    const cookie = await firstStep();
    await changePassword(db, userId, {
      from: passwordHash,
      to: await bcrypt.hash("another", 4),
      endAccess: false,
    });
    expect((await secondStep({ code: code() }, cookie)).to).toBe(late);
    await db.prisma.user.update({ where: { id: userId }, data: { passwordHash } });
    const again = await firstStep();
    await server.facts.suspendUser(userId);
    expect((await secondStep({ code: code() }, again)).to).toBe(late);
    await db.prisma.user.update({ where: { id: userId }, data: { status: "active" } });
    const adminId = await server.facts.addUser();
    await server.facts.makeAdmin(adminId);
    await resetSecondFactors(db, adminId, userId);
    expect((await secondStep({ code: code() }, again)).to).toContain("error=code");
    expect(await sessions()).toBe(0);
  });

  test("cannot be made up, bent, or made of something else that was sealed", async () => {
    const cookie = await firstStep();
    const value = cookie.slice("latchkey.pending=".length);
    const bent = `${value.slice(0, 40)}${value[40] === "A" ? "B" : "A"}${value.slice(41)}`;
    const other = server.rt.keys.seal(KEY_PURPOSE, "", JSON.stringify({ userId, email }));
    const forged = [bent, value.slice(0, -4), "x", "", Buffer.from(other).toString("base64url"), "%00"];
    for (const made of forged)
      expect((await secondStep({ code: code() }, `latchkey.pending=${made}`)).to).toBe(late);
    expect((await secondStep({ code: code() }, "")).to).toBe(late);
  });

  test("is not a session: nothing else is answered with it", async () => {
    const cookie = await firstStep();
    const confirm = await post("/login/confirm/check", { password, next: "/settings" }, cookie);
    expect(confirm.to).toBe("/login?next=%2Fsettings");
  });

  test("on https is bound to the host", () => {
    const rt = { ...server.rt, env: { ...server.rt.env, issuer: "https://id.example" } };
    expect(pendingCookie(rt, { id: userId, email, passwordHash })).toMatch(
      /^__Host-latchkey\.pending=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
  });
});

describe("guessing at the second step", () => {
  const { fromOneAddress } = limits.passwords;

  test("has to wait after ten wrong codes, of either kind, and the password does not give them back", async () => {
    const address = newAddress();
    for (let time = 0; time < fromOneAddress; time += 1) {
      const { jar } = await post("/login/sign-in", { email, password }, "", address);
      const cookie = `latchkey.pending=${jar["latchkey.pending"]}`;
      const form: Record<string, string> =
        time % 2 ? { code: "000000" } : { recovery_code: "0000-0000-0000-0000" };
      expect((await secondStep(form, cookie, address)).to).toContain("error=code");
    }
    const cookie = await firstStep();
    expect((await secondStep({ code: code() }, cookie, address)).to).toMatch(
      /^\/login\/second\?error=wait&seconds=\d+$/,
    );
    expect(await sessions()).toBe(0);
    expect((await secondStep({ code: code() }, cookie)).to).toBe("/");
  });

  test("is told to the owner by letter, since whoever guesses here knows the password", async () => {
    const [cookie, address] = [await firstStep(), newAddress()];
    for (let time = 0; time < fromOneAddress; time += 1)
      await secondStep({ code: "000000" }, cookie, address);
    await secondStep({ code: "000000" }, cookie, address);
    expect(server.letters).toMatchObject([
      { to: email, subject: "Latchkey: wrong codes after your password" },
    ]);
  });

  test("sent at once is looked at no more often than the limit", async () => {
    const [cookie, address] = [await firstStep(), newAddress()];
    const sent = Array.from({ length: 2 * fromOneAddress }, () =>
      secondStep({ code: "000000" }, cookie, address),
    );
    const looked = (await Promise.all(sent)).filter(({ to }) => to?.includes("error=code"));
    expect(looked).toHaveLength(fromOneAddress);
  });
});

describe("confirming who one is", () => {
  const signedIn = async () => {
    const { jar } = await secondStep({ code: code() }, await firstStep());
    server.clock.forward(3600);
    return `latchkey.session=${jar["latchkey.session"]}`;
  };
  const confirm = (form: Record<string, string>, cookie: string) =>
    post("/login/confirm/check", { next: "/admin/apps", ...form }, cookie);

  test("takes a code or a recovery code from who has a second factor, and not their password", async () => {
    const cookie = await signedIn();
    expect((await confirm({ password }, cookie)).to).toBe(
      "/login/confirm?error=credentials&next=%2Fadmin%2Fapps",
    );
    const session = () => server.rt.db.prisma.session.findFirstOrThrow({ where: { userId } });
    expect((await session()).confirmedAt).not.toEqual(server.clock.now());
    expect((await confirm({ code: code() }, cookie)).to).toBe("/admin/apps");
    expect((await session()).confirmedAt).toEqual(server.clock.now());
    expect((await confirm({ code: code() }, cookie)).to).toContain("error=credentials");
    expect((await confirm({ recovery_code: codes[0] ?? "" }, cookie)).to).toBe("/admin/apps");
    expect((await confirm({ recovery_code: codes[0] ?? "" }, cookie)).to).toBe(
      "/login/confirm?error=credentials&with=recovery&next=%2Fadmin%2Fapps",
    );
  });
});

describe("replacing AUTH_SECRET", () => {
  const [old, fresh] = [
    "the-secret-before-the-secret-before-the",
    "the-secret-after-the-secret-after-the-se",
  ];

  test("keeps authenticator apps: what the secret before sealed opens, and is sealed anew by use or at the start", async () => {
    const { rt } = server;
    const before = rt.keys;
    try {
      rt.keys = createKeyring(old, undefined);
      const stored = async () =>
        (await rt.db.prisma.totpSecret.findUniqueOrThrow({ where: { userId } })).secret;
      const opens = async () => rt.keys.unseal(KEY_PURPOSE, userId, await stored());
      const sealWithOld = async () => {
        const secret = rt.keys.seal(KEY_PURPOSE, userId, key);
        await rt.db.prisma.totpSecret.update({ where: { userId }, data: { secret } });
      };
      await sealWithOld();
      rt.keys = createKeyring(fresh, old);
      expect(await opens()).toEqual({ text: key, isOld: true });
      expect((await secondStep({ code: code() }, await firstStep())).to).toBe("/");
      expect(await opens()).toEqual({ text: key, isOld: false });

      rt.keys = createKeyring(old, undefined);
      await sealWithOld();
      rt.keys = createKeyring(fresh, old);
      expect(await resealKeys(rt)).toBe(1);
      expect(await resealKeys(rt)).toBe(0);
      rt.keys = createKeyring(fresh, undefined);
      server.clock.forward(30);
      expect((await secondStep({ code: code() }, await firstStep())).to).toBe("/");

      rt.keys = createKeyring(old, undefined);
      server.clock.forward(30);
      expect((await secondStep({ code: code() }, await firstStep())).to).toContain("error=code");
      expect(server.log.join("")).toContain("an authenticator key cannot be read");
    } finally {
      rt.keys = before;
    }
  });
});
