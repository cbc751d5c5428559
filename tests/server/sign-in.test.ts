/** Guessing at the sign-in over real HTTP: from addresses a trusted proxy tells, with and without the device's cookie. */
import bcrypt from "bcryptjs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { limits } from "../../latchkey.config";
import { waitText } from "../../lib/server/wait-text";
import { startTestServer, type TestServer } from "../support/runtime";

const { fromOneAddress, fromAnywhere } = limits.passwords;
const password = "the right password";
let server: TestServer;
let passwordHash: string;
let email: string;
let next = 0;
beforeAll(async () => {
  server = await startTestServer({ folder: null }, { trustProxy: 1 });
  // How dear a comparison is, also one with nobody's, is what password.test.ts is about; here there are hundreds.
  passwordHash = await bcrypt.hash(password, 4);
  server.rt.passwords.verify = async (presented, hash) => hash !== null && bcrypt.compare(presented, hash);
});
afterAll(() => server?.close());
beforeEach(async () => {
  const id = await server.facts.addUser();
  ({ email } = await server.rt.db.prisma.user.update({ where: { id }, data: { passwordHash } }));
});

/** An address nobody has guessed from yet. */
const newAddress = () => `10.1.${next >> 8}.${next++ & 255}`;

interface From {
  address?: string;
  cookie?: string;
  headers?: Record<string, string>;
}

async function signIn(form: Record<string, string>, { address = newAddress(), cookie, headers }: From = {}) {
  const answer = await fetch(`${server.url}/login/sign-in`, {
    method: "POST",
    headers: { "x-forwarded-for": address, ...(cookie && { cookie }), ...headers },
    body: new URLSearchParams({ email, password, ...form }),
    redirect: "manual",
  });
  expect(answer.status).toBe(303);
  const [session, device = ""] = answer.headers.getSetCookie();
  const to = new URL(answer.headers.get("location") ?? "", server.url);
  return {
    to,
    error: to.searchParams.get("error"),
    isIn: session !== undefined,
    device: device.split(";", 1)[0],
  };
}
const wrong = { password: "a wrong password" };

async function guess(times: number, from: () => From, form: Record<string, string> = {}) {
  for (let time = 0; time < times; time += 1)
    expect((await signIn({ ...wrong, ...form }, from())).error).toBe("credentials");
}

describe("too many wrong passwords", () => {
  test("from one address: the page says when to try again, to whoever is meant by the address alone", async () => {
    const address = newAddress();
    await guess(fromOneAddress, () => ({ address }));
    const refused = await signIn({ next: "/settings" }, { address });
    expect([refused.isIn, refused.error, refused.to.searchParams.get("next")]).toEqual([
      false,
      "wait",
      "/settings",
    ]);
    const seconds = Number(refused.to.searchParams.get("seconds"));
    expect(seconds).toBeGreaterThan(limits.passwords.lockSeconds - 20);
    expect(seconds).toBeLessThanOrEqual(limits.passwords.lockSeconds);
    expect((await signIn({ request: "abc" }, { address })).to.searchParams.get("request")).toBe("abc");
    expect((await signIn({})).isIn).toBe(true);
  });

  test("are counted alike for an e-mail address nobody has, a service account's name, and none", async () => {
    for (const nobody of ["nobody@example.test", "sync-1", ""]) {
      const address = newAddress();
      await guess(fromOneAddress, () => ({ address }), { email: nobody });
      expect((await signIn({ ...wrong, email: nobody }, { address })).error).toBe("wait");
    }
  });

  test("from everywhere: the browser that signed in before goes on signing in, wherever it is", async () => {
    const { device } = await signIn({});
    await guess(fromAnywhere, () => ({}));
    expect((await signIn({})).error).toBe("wait");
    expect((await signIn({}, { cookie: device })).isIn).toBe(true);
    expect((await signIn({ email: email.toUpperCase() }, { cookie: device })).isIn).toBe(true);
  });

  test("a device's cookie is of use for its account alone, and a forged one for none", async () => {
    const { device } = await signIn({});
    const other = await server.facts.addUser();
    const row = await server.rt.db.prisma.user.update({ where: { id: other }, data: { passwordHash } });
    const address = newAddress();
    await guess(fromOneAddress, () => ({ address }), { email: row.email });
    expect((await signIn({ email: row.email }, { address, cookie: device })).error).toBe("wait");
    await guess(fromOneAddress, () => ({ address }));
    const [name = "", value = ""] = device?.split("=") ?? [];
    const [id = "", tag = ""] = value.split(".");
    const flipped = `${tag.slice(0, -2)}${tag.endsWith("AA") ? "BB" : "AA"}`;
    for (const forged of [`${id}.${flipped}`, `x${id}.${tag}`, `${id}.`, id, `.${tag}`, ""])
      expect((await signIn({}, { address, cookie: `${name}=${forged}` })).error).toBe("wait");
    expect((await signIn({}, { address, cookie: device })).isIn).toBe(true);
  });

  test("in a header nobody vouches for do not lock anybody else out", async () => {
    const real = newAddress();
    await guess(fromOneAddress, () => ({ address: `203.0.113.77, ${real}` }));
    expect((await signIn({}, { address: `10.7.7.7, ${real}` })).error).toBe("wait");
    expect((await signIn({}, { address: "203.0.113.77" })).isIn).toBe(true);
  });

  test("sent at once are compared no more often than the limit", async () => {
    const address = newAddress();
    const sent = Array.from({ length: 2 * fromOneAddress }, () => signIn(wrong, { address }));
    const errors = (await Promise.all(sent)).map(({ error }) => error);
    expect(errors.filter((error) => error === "credentials")).toHaveLength(fromOneAddress);
  });
});

test.each([
  [1, "Too many wrong passwords. Try again in 1 second."],
  [59, "Too many wrong passwords. Try again in 59 seconds."],
  [90, "Too many wrong passwords. Try again in 2 minutes."],
  [900, "Too many wrong passwords. Try again in 15 minutes."],
])("a wait of %i seconds reads: %s", (seconds, text) => {
  expect(waitText(seconds)).toBe(text);
});
