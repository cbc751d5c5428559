/** Letters about sign-ins, as they arrive. */
import bcrypt from "bcryptjs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { noticeKinds } from "../../lib/db/notices";
import { letterOf } from "../../lib/server/notice-letters";
import { startTestServer, type TestServer } from "../support/runtime";

const password = "the right password";
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
let server: TestServer;
let email: string;
beforeAll(async () => {
  server = await startTestServer();
  server.rt.passwords.verify = async (presented, hash) => hash !== null && bcrypt.compare(presented, hash);
});
afterAll(() => server?.close());
beforeEach(async () => {
  const id = await server.facts.addUser();
  const passwordHash = await bcrypt.hash(password, 4);
  ({ email } = await server.rt.db.prisma.user.update({ where: { id }, data: { passwordHash } }));
  server.letters.length = 0;
});

/** @returns the cookies of the browser afterwards */
async function signIn(cookie = ""): Promise<string> {
  const answer = await fetch(`${server.url}/login/sign-in`, {
    method: "POST",
    headers: { "user-agent": firefox, ...(cookie && { cookie }) },
    body: new URLSearchParams({ email, password }),
    redirect: "manual",
  });
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(";", 1)[0])
    .join("; ");
}
async function letters() {
  await server.rt.courier.round();
  return server.letters;
}

describe("a sign-in", () => {
  test("for the first time, and with a browser that is known, brings no letter", async () => {
    const cookies = await signIn();
    await signIn(cookies);
    expect(await letters()).toEqual([]);
  });

  test("with another browser brings one that says when, with what and from where", async () => {
    await signIn();
    server.clock.forward(60);
    const elsewhere = await signIn();
    const [letter, ...more] = await letters();
    expect(more).toEqual([]);
    expect(letter).toMatchObject({ to: email, subject: "New sign-in to your Latchkey account" });
    for (const words of ["Firefox on Linux", "127.0.0.1", "UTC", `${server.url}/settings/profile`])
      expect(letter?.text).toContain(words);
    await signIn(elsewhere);
    expect(await letters()).toHaveLength(1);
  });

  test("with the device cookie of another account counts as a new browser", async () => {
    await signIn();
    const cookies = (await signIn()).replace(/latchkey\.device=[^;]*/, "latchkey.device=x.y");
    server.letters.length = 0;
    await signIn(cookies);
    expect((await letters()).length).toBeGreaterThan(0);
  });

  test("with a wrong password brings none", async () => {
    await signIn();
    await fetch(`${server.url}/login/sign-in`, {
      method: "POST",
      body: new URLSearchParams({ email, password: "wrong" }),
      redirect: "manual",
    });
    expect(await letters()).toEqual([]);
  });
});

describe("a letter", () => {
  const details = {
    ...{
      kind: "secret",
      name: "Harbour\nBcc: x",
      last4: "abcd",
      appId: "app1",
      ofCompany: false,
      by: "Mika",
      scopes: "read",
    },
    ...{ endsAt: "2026-02-01T00:00:00.000Z", oldEndsAt: "2026-02-01T00:00:00.000Z", kinds: ["sign_in"] },
    ...{ app: "Harbour", endpointId: "e1", url: "https://hooks.example/", reason: "It answered 500." },
    ...{ address: "203.0.113.7", userAgent: firefox },
  };
  const write = (kind: string) =>
    letterOf(
      { kind, details, at: new Date("2026-01-31T00:00:00Z"), name: "Ann\nLee", email: "ann@example.test" },
      "https://id.example",
    );

  test.each([...noticeKinds, "preference_off"])(
    "about %s says what, when and where to act, in lines of ours alone",
    (kind) => {
      const letter = write(kind);
      expect(letter?.to).toBe("ann@example.test");
      expect(letter?.subject).not.toMatch(/[\r\n]/);
      expect(letter?.text).toMatch(/^Hello Ann Lee,\n\n/);
      expect(letter?.text).toMatch(/2026/);
      expect(letter?.text).toMatch(/^https:\/\/id\.example\/(settings|company)\/\S+$/m);
      expect(letter?.text).toContain("https://id.example/settings/notifications");
      expect(letter?.text).not.toMatch(/^Bcc:/m);
      expect(letter?.text).not.toMatch(/undefined|null|NaN/);
    },
  );

  test("of a kind this version does not know is none", () => {
    expect(write("from the future")).toBeNull();
  });
});
