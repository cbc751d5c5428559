/** The check of a service account's password, and its lock: by counts, on real parts. */
import { randomBytes } from "node:crypto";
import bcrypt from "bcryptjs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { limits } from "../../latchkey.config";
import { createServiceAccount, setServiceAccountStatus } from "../../lib/db/service-account-changes";
import type { CheckServiceAccount } from "../../lib/oauth/server";
import { randomId } from "../../lib/oauth/tokens";
import { signIn } from "../../lib/server/auth";
import { createLockout } from "../../lib/server/lockout";
import type { Passwords } from "../../lib/server/password";
import { isServiceUsername, newPassword, parseServiceAccount } from "../../lib/server/service-account-form";
import { serviceAccountCheck } from "../../lib/server/service-accounts";
import { startTestServer, type TestServer } from "../support/runtime";

const { fromOneAddress } = limits.passwords;
const password = "a-password-of-a-service";
const wrong = "a-wrong-password";

let server: TestServer;
let admin: string;
let company: string;
let passwordHash: string;
beforeAll(async () => {
  server = await startTestServer();
  admin = await server.facts.addUser();
  await server.facts.makeAdmin(admin);
  company = await server.facts.addCompany();
  // As bcrypt makes it at its lowest cost: these tests compare passwords by the hundred.
  passwordHash = await bcrypt.hash(password, 4);
});
afterAll(() => server?.close());

const random = (bytes: number): Uint8Array => randomBytes(bytes);
const newUsername = () => `sync-${randomId(8, random).toLowerCase()}`;

async function account(username = newUsername()) {
  const input = { name: "Sync", username, companyId: company, scopes: ["read"], passwordHash };
  const made = await createServiceAccount(server.rt.db, admin, input);
  if (typeof made === "string") throw new Error(made);
  return { ...made, username };
}

let check: CheckServiceAccount;
/** How often a password was really compared, and against a hash that was there. */
let compared: { count: number; known: number };
/** API Keys whose accounts signed in. */
let used: string[];
beforeEach(() => {
  compared = { count: 0, known: 0 };
  used = [];
  const { db, log, passwords } = server.rt;
  const counting: Passwords = {
    ...passwords,
    verify: async (presented, hash) => {
      compared.count += 1;
      if (hash === null) return false;
      compared.known += 1;
      return passwords.verify(presented, hash);
    },
  };
  const lockout = createLockout(null);
  check = serviceAccountCheck({ db, log, lockout, passwords: counting, used: (key) => used.push(key) });
});

/** Wrong passwords from one address. */
async function guess(username: string, times: number) {
  for (let time = 0; time < times; time += 1)
    expect(await check({ username, password: wrong }, "10.0.0.1")).toEqual({ refused: "wrong" });
}
const locked = { refused: "locked", seconds: expect.any(Number) };

describe("the password of a service account", () => {
  test("opens the account, whatever the case of its username, and counts as a use of its key", async () => {
    const { id, apiKey, username } = await account();
    expect(await check({ username, password }, "10.0.0.1")).toEqual({ userId: id });
    expect(await check({ username: username.toUpperCase(), password }, "10.0.0.1")).toEqual({ userId: id });
    expect(used).toEqual([apiKey, apiKey]);
  });

  test("is compared once for everybody: unknown, a person, suspended, wrong, too long, or no username at all", async () => {
    const { id, username } = await account();
    await setServiceAccountStatus(server.rt.db, admin, id, "suspended");
    const email = `${newUsername()}@example.test`;
    const person = await server.facts.addUser(email);
    await server.rt.db.prisma.user.update({ where: { id: person }, data: { passwordHash } });
    const other = await account();
    for (const [who, presented] of [
      ["nobody-at-all", password],
      [email, password],
      [username, password],
      [other.username, wrong],
      [other.username, password.repeat(9)],
      ["", password],
      ["with\u0000zero", password],
    ] as const) {
      compared.count = 0;
      expect(await check({ username: who, password: presented }, "10.0.0.1")).toEqual({ refused: "wrong" });
      expect([who, compared.count]).toEqual([who, 1]);
    }
    expect(used).toEqual([]);
  });

  test("signs nobody in on the page", async () => {
    const { username } = await account();
    const device = { userAgent: "", address: "10.0.0.1", cookie: undefined };
    const before = await server.rows();
    const answer = await signIn(server.rt, { email: username, password }, device);
    expect(answer.outcome).toBe("wrong");
    expect(await server.rows()).toEqual(before);
  });
});

// How a lock comes and goes is in lockout.test.ts; here is what a service account makes of it.
describe("wrong passwords", () => {
  test("lock the account for that address, and the right one is not even compared", async () => {
    const { id, username } = await account();
    await guess(username, fromOneAddress);
    compared.count = 0;
    expect(await check({ username, password }, "10.0.0.1")).toEqual(locked);
    expect(await check({ username: username.toUpperCase(), password }, "10.0.0.1")).toEqual(locked);
    expect(compared.count).toBe(0);
    expect(await check({ username, password }, "10.0.0.2")).toEqual({ userId: id });
  });

  test("all sent at once are compared no more often than the limit", async () => {
    const { username } = await account();
    const answers = await Promise.all(
      Array.from({ length: 3 * fromOneAddress }, () => check({ username, password: wrong }, "10.0.0.1")),
    );
    expect(compared.known).toBe(fromOneAddress);
    expect(answers.filter((answer) => "refused" in answer && answer.refused === "locked")).toHaveLength(
      2 * fromOneAddress,
    );
  });

  test("many right ones sent at once lock nobody out", async () => {
    const { id, username } = await account();
    const answers = await Promise.all(
      Array.from({ length: fromOneAddress + 1 }, () => check({ username, password }, "10.0.0.1")),
    );
    expect(answers).toEqual(answers.map(() => ({ userId: id })));
  });

  test("lock a username nobody has just the same, so that a lock tells nothing", async () => {
    const nobody = newUsername();
    await guess(nobody, fromOneAddress);
    expect(await check({ username: nobody, password }, "10.0.0.1")).toEqual(locked);
  });

  test("are said once in the log when they lock an account, without what was typed", async () => {
    const { id, username } = await account();
    server.log.length = 0;
    await guess(username, fromOneAddress);
    const lines = server.log.map((line) => JSON.parse(line)).filter(({ level }) => level >= 40);
    expect(lines).toMatchObject([{ user: id, address: "10.0.0.1" }]);
    expect(server.log.join("")).not.toContain(wrong);
  });
});

describe("the form of a service account", () => {
  const form = (changes: Record<string, string> = {}) => {
    const data = new FormData();
    const fields = { name: " Nightly sync ", username: "sync-1", company: "c1", scope: "write", ...changes };
    for (const [name, value] of Object.entries(fields)) data.set(name, value);
    return data;
  };

  test("gives Read the basic scopes and Read and write all that are not for administrators", () => {
    const input = { name: "Nightly sync", username: "sync-1", companyId: "c1" };
    expect(parseServiceAccount(form())).toEqual({ ok: true, input: { ...input, scopes: ["read", "write"] } });
    expect(parseServiceAccount(form({ scope: "read" }))).toEqual({
      ok: true,
      input: { ...input, scopes: ["read"] },
    });
  });

  test.each([
    ["name", { name: "  " }],
    ["name", { name: "x".repeat(61) }],
    ["name", { name: "turned\u202e" }],
    ["username", { username: "" }],
    ["username", { username: "ab" }],
    ["username", { username: "Sync" }],
    ["username", { username: "sync@example.test" }],
    ["username", { username: "-sync" }],
    ["username", { username: "s".repeat(42) }],
    ["company", { company: "" }],
    ["company", { company: "../x" }],
    ["scope", { scope: "admin" }],
    ["scope", { scope: "" }],
  ])("says what is wrong with %s in %j", (field, changes) => {
    const parsed = parseServiceAccount(form(changes));
    expect(parsed.ok ? [] : Object.keys(parsed.errors)).toEqual([field]);
  });

  test("an e-mail address is never a username", () => {
    expect(["owner@latchkey.test", "sync-1", "0.a_b-c"].map(isServiceUsername)).toEqual([false, true, true]);
  });

  test("a password made for it is long, and no two are alike", () => {
    const made = new Set(Array.from({ length: 50 }, () => newPassword(random)));
    expect(made.size).toBe(50);
    for (const one of made) expect(one).toMatch(/^[0-9A-Za-z]{24}$/);
  });
});
