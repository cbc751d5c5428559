/** A forgotten password, over real HTTP: what strangers learn, what the link does, and what it ends. */
import bcrypt from "bcryptjs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { limits } from "../../latchkey.config";
import { createSession, findSession } from "../../lib/db/sessions";
import { startTestServer, type TestServer } from "../support/runtime";
import { createVisitor } from "../support/visitor";

const { fromOneAddress, toOneMailbox, resetLinkSeconds } = limits.letters;
let server: TestServer;
let userId: string;
let email: string;
let next = 0;
beforeAll(async () => {
  server = await startTestServer({ folder: null }, { trustProxy: 1 });
  server.rt.passwords.verify = async (presented, hash) => !!hash && bcrypt.compare(presented, hash);
  server.rt.passwords.hash = (password) => bcrypt.hash(password, 4);
});
afterAll(() => server?.close());
beforeEach(async () => {
  userId = await server.facts.addUser();
  ({ email } = await server.rt.db.prisma.user.findUniqueOrThrow({ where: { id: userId } }));
});

/** A stranger at an address nobody else has. */
const stranger = () => {
  const from = { "x-forwarded-for": `10.3.${next >> 8}.${next++ & 255}` };
  const visitor = createVisitor(server.url);
  return {
    ask: (about: string, more: Record<string, string> = {}) =>
      visitor.post("/login/forgot/send", { email: about, ...more }, from),
    set: (link: string, password: string, more: Record<string, string> = {}) =>
      visitor.post("/login/reset/set", { link, password, ...more }, from),
    signIn: (password: string) => visitor.post("/login/sign-in", { email, password }, from),
  };
};

/** The letters to an address, when all have been sent. */
async function lettersTo(address: string) {
  await server.rt.mail.close();
  return server.letters.filter(({ to }) => to === address);
}

/** What the link in the last letter carries. */
async function linkTo(address: string): Promise<string> {
  const text = (await lettersTo(address)).at(-1)?.text ?? "";
  return /\/login\/reset\?link=(\w+)/.exec(text)?.[1] ?? "";
}

async function asked(more: Record<string, string> = {}): Promise<string> {
  await stranger().ask(email, more);
  return linkTo(email);
}

describe("asking for a link", () => {
  test("answers the same for an account, for none, and for what is no address; only the account gets a letter", async () => {
    const answers = [];
    for (const about of [email, email.toUpperCase(), "nobody@example.test", "sync-1", "", "a\r\nBcc: b@c.d"])
      answers.push((await stranger().ask(about)).location);
    expect(new Set(answers)).toEqual(new Set(["/login/forgot?sent=1"]));
    expect(await lettersTo(email)).toHaveLength(2);
    expect(await lettersTo("nobody@example.test")).toEqual([]);
    expect((await lettersTo(email))[0]?.text).toContain(`\n\n${server.url}/login/reset?link=`);
  });

  test("answers before it looks anybody up", async () => {
    const { prisma } = server.rt.db;
    const free: (() => void)[] = [];
    const held = new Promise<void>((resolve) => free.push(resolve));
    // The database's one connection is busy: whatever needs it before the answer would wait for ever.
    const busy = prisma.$transaction(() => held, { timeout: 60_000 });
    expect((await stranger().ask(email)).location).toBe("/login/forgot?sent=1");
    for (const go of free) go();
    await busy;
    expect(await lettersTo(email)).toHaveLength(1);
  });

  test("is no letter for who is suspended, and none for a service account", async () => {
    const { prisma } = server.rt.db;
    await server.facts.suspendUser(userId);
    const account = await server.facts.addServiceAccount();
    const { email: username } = await prisma.user.findUniqueOrThrow({ where: { id: account } });
    await stranger().ask(email);
    await stranger().ask(username);
    expect([await lettersTo(email), await lettersTo(username)]).toEqual([[], []]);
  });

  test("fills no mailbox, and nobody can tell", async () => {
    for (let time = 0; time < toOneMailbox + 3; time += 1)
      expect((await stranger().ask(email)).location).toBe("/login/forgot?sent=1");
    expect(await lettersTo(email)).toHaveLength(toOneMailbox);
  });

  test("has to wait when one address asks too often, whomever about", async () => {
    const { ask } = stranger();
    for (let time = 0; time < fromOneAddress; time += 1)
      expect((await ask(`nobody${time}@example.test`)).query.get("sent")).toBe("1");
    const refused = await ask(email, { next: "/settings" });
    expect(Number(refused.query.get("wait"))).toBeGreaterThan(3000);
    expect([refused.query.get("sent"), refused.query.get("next")]).toEqual([null, "/settings"]);
    expect(await lettersTo(email)).toEqual([]);
  });
});

describe("a link", () => {
  test("sets the password, ends every session, and leads to the sign-in and on to where they wanted", async () => {
    const sid = await createSession(server.rt.db, userId, 3600, { userAgent: "", address: "" });
    const link = await asked({ next: "/settings/profile" });
    const answer = await stranger().set(link, "a new password");
    expect(answer.location).toBe("/login?notice=password&next=%2Fsettings%2Fprofile");
    expect(await findSession(server.rt.db, sid)).toBeNull();
    expect((await stranger().signIn("a new password")).location).toBe("/");
    expect((await lettersTo(email)).at(-1)?.subject).toBe("Your Latchkey password was changed");
    const events = await server.rt.db.prisma.auditEvent.findMany({ where: { actorId: userId } });
    expect(events).toMatchObject([{ action: "password.reset", details: { sessions: 1, tokens: 0 } }]);
  });

  test("works once, and of two at once one wins", async () => {
    const link = await asked();
    const both = await Promise.all([
      stranger().set(link, "first password"),
      stranger().set(link, "other password"),
    ]);
    const won = both.filter(({ query }) => query.get("notice") === "password");
    expect(won).toHaveLength(1);
    const late = await stranger().set(link, "third password");
    expect(late.location).toBe(`/login/reset?link=${link}`);
    expect((await stranger().signIn("third password")).query.get("error")).toBe("credentials");
  });

  test("ends after an hour, with another one's use, and with a suspension", async () => {
    const [one, other] = [await asked(), await asked()];
    expect((await stranger().set(one, "a new password")).query.get("notice")).toBe("password");
    expect((await stranger().set(other, "another password")).query.get("notice")).toBeNull();
    const late = await asked();
    server.clock.forward(resetLinkSeconds);
    expect((await stranger().set(late, "another password")).query.get("notice")).toBeNull();
    const suspended = await asked();
    await server.facts.suspendUser(userId);
    expect((await stranger().set(suspended, "another password")).query.get("notice")).toBeNull();
  });

  test("ends when the address it was sent to is no longer the account's", async () => {
    const link = await asked();
    await server.rt.db.prisma.user.update({ where: { id: userId }, data: { email: `moved-${email}` } });
    expect((await stranger().set(link, "a new password")).query.get("notice")).toBeNull();
  });

  test("is not used up by a password that cannot be one", async () => {
    const link = await asked();
    expect((await stranger().set(link, "short")).location).toBe(`/login/reset?link=${link}&error=short`);
    expect((await stranger().set(link, "é".repeat(37))).location).toBe(
      `/login/reset?link=${link}&error=long`,
    );
    expect((await stranger().set(link, "a new password")).query.get("notice")).toBe("password");
  });

  test("proves the address, and ends tokens where that is asked for", async () => {
    const { prisma } = server.rt.db;
    await prisma.user.update({ where: { id: userId }, data: { emailVerifiedAt: null } });
    await stranger().set(await asked(), "a new password");
    expect(await prisma.user.findUniqueOrThrow({ where: { id: userId } })).toMatchObject({
      emailVerifiedAt: server.clock.now(),
    });
    const at = server.clock.now();
    const hash = Buffer.from(userId);
    await prisma.token.create({
      data: { hash, kind: "personal", last4: "abcd", userId, scopes: ["read"], createdAt: at },
    });
    await stranger().set(await asked(), "a third password", { endAccess: "on" });
    expect(await prisma.token.count({ where: { userId } })).toBe(0);
  });

  test("made up, of another purpose, or sent from another site does nothing", async () => {
    const link = await asked();
    for (const wrong of ["", "x", `${link}x`, "x".repeat(40)])
      expect((await stranger().set(wrong, "a new password")).query.get("notice")).toBeNull();
    const foreign = await createVisitor(server.url).post(
      "/login/reset/set",
      { link, password: "a new password" },
      { origin: "https://evil.example" },
    );
    expect(foreign.status).toBe(403);
    expect((await stranger().signIn("a new password")).query.get("error")).toBe("credentials");
  });
});
