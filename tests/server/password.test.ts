import bcrypt from "bcryptjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPasswords, type Passwords } from "../../lib/server/password";
import { root } from "../support/databases";

let passwords: Passwords;
let hash: string;

beforeAll(async () => {
  passwords = createPasswords(root);
  hash = await passwords.hash("correct horse");
});
afterAll(() => passwords?.close());

test("a password is kept as bcrypt of cost 12", () => {
  expect(hash).toMatch(/^\$2[ab]\$12\$/);
  expect(bcrypt.getRounds(hash)).toBe(12);
  expect(bcrypt.compareSync("correct horse", hash)).toBe(true);
});

test("only the right password matches", async () => {
  expect(await passwords.verify("correct horse", hash)).toBe(true);
  expect(await passwords.verify("correct horsf", hash)).toBe(false);
  expect(await passwords.verify("", hash)).toBe(false);
});

describe("over 72 bytes", () => {
  const longest = "é".repeat(36);

  test("a password is refused, not cut", async () => {
    await expect(passwords.hash(`${longest}x`)).rejects.toThrow(RangeError);
    const kept = await passwords.hash(longest);
    expect(await passwords.verify(longest, kept)).toBe(true);
    // bcrypt itself would have cut it and said yes.
    expect(bcrypt.compareSync(`${longest}x`, kept)).toBe(true);
    expect(await passwords.verify(`${longest}x`, kept)).toBe(false);
  });
});

describe("an unknown user", () => {
  test("is refused whatever the password", async () => {
    for (const password of ["", "correct horse", "latchkey-demo"])
      expect(await passwords.verify(password, null)).toBe(false);
  });

  test("takes a comparison of the same cost as a known one", async () => {
    const timed = async (password: string, against: string | null) => {
      const start = performance.now();
      await passwords.verify(password, against);
      return performance.now() - start;
    };
    const least = async (...call: Parameters<typeof timed>) =>
      Math.min(await timed(...call), await timed(...call));
    const known = await least("wrong", hash);
    // A comparison that is skipped, or fails at once on a malformed hash, takes less than a hundredth.
    for (const unknown of [await least("wrong", null), await least("x".repeat(73), hash)])
      expect(unknown).toBeGreaterThan(known / 3);
  });
});

test("a broken hash fails that check and no other", async () => {
  const [broken, fine] = await Promise.allSettled([
    passwords.verify("correct horse", "$2b$12$short"),
    passwords.verify("correct horse", hash),
  ]);
  expect(broken).not.toMatchObject({ status: "fulfilled", value: true });
  expect(fine).toMatchObject({ status: "fulfilled", value: true });
});

test("a flood of sign-ins is refused with 503 instead of being kept waiting, and who is in turn is served", async () => {
  const cheap = await bcrypt.hash("correct horse", 4);
  const sent = Array.from({ length: 200 }, () => passwords.verify("correct horse", cheap));
  const settled = await Promise.allSettled(sent);
  const served = settled.filter((one) => one.status === "fulfilled");
  expect(served.map(({ value }) => value)).toEqual(served.map(() => true));
  expect(served.length).toBeGreaterThanOrEqual(64);
  const [refused] = settled.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  expect(refused).toMatchObject({
    code: "temporarily_unavailable",
    status: 503,
    options: { headers: { "retry-after": "5" } },
  });
  expect(await passwords.verify("correct horse", cheap)).toBe(true);
});
