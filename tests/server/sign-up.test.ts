/** Signing up, over real HTTP: what strangers learn, whose account it becomes, and where it leads. */
import bcrypt from "bcryptjs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { limits } from "../../latchkey.config";
import { letsIn } from "../../lib/db/sign-ups";
import { randomId } from "../../lib/oauth/tokens";
import { random } from "../support/databases";
import { startTestServer, type TestServer } from "../support/runtime";
import { createVisitor } from "../support/visitor";

const { toOneMailbox, emailLinkSeconds } = limits.letters;
const password = "a good password";
let server: TestServer;
let email: string;
let next = 0;
beforeAll(async () => {
  server = await startTestServer({ folder: null }, { trustProxy: 1 });
  server.rt.passwords.verify = async (presented, hash) => !!hash && bcrypt.compare(presented, hash);
  server.rt.passwords.hash = (text) => bcrypt.hash(text, 4);
});
afterAll(() => server?.close());
beforeEach(async () => {
  email = `${randomId(10, random).toLowerCase()}@example.test`;
  await server.facts.setInstance({ sign_up: "open" });
});

/** A browser at an address nobody else has. */
function browser() {
  const from = { "x-forwarded-for": `10.4.${next >> 8}.${next++ & 255}` };
  const visitor = createVisitor(server.url);
  return {
    visitor,
    signUp: (form: Record<string, string> = {}) =>
      visitor.post("/sign-up/create", { name: "Nora New", email, password, ...form }, from),
    again: () => visitor.post("/sign-up/resend", { any: "x" }, from),
    follow: (link: string) => visitor.get(`/sign-up/verify?link=${link}`, from),
    confirm: (link: string, typed = password) =>
      visitor.post("/sign-up/confirm/check", { link, password: typed }, from),
    signIn: (typed = password, form: Record<string, string> = {}) =>
      visitor.post("/login/sign-in", { email, password: typed, ...form }, from),
  };
}

async function lettersTo(address: string) {
  await server.rt.mail.close();
  return server.letters.filter(({ to }) => to === address);
}

async function linkTo(address: string): Promise<string> {
  const text = (await lettersTo(address)).at(-1)?.text ?? "";
  return /\/sign-up\/verify\?link=(\w+)/.exec(text)?.[1] ?? "";
}

const people = () => server.rt.db.prisma.user.count({ where: { email } });

describe("signing up", () => {
  test("makes no account before the address is proven; then its owner is signed in where they wanted to go", async () => {
    const nora = browser();
    expect((await nora.signUp({ next: "/settings/profile" })).location).toBe("/sign-up/sent");
    const link = await linkTo(email);
    expect(await people()).toBe(0);
    expect((await nora.follow(link)).location).toBe("/settings/profile");
    const user = await server.rt.db.prisma.user.findUniqueOrThrow({ where: { email } });
    expect(user).toMatchObject({ name: "Nora New", emailVerifiedAt: server.clock.now(), isAdmin: false });
    expect(await server.rt.db.prisma.session.count({ where: { userId: user.id } })).toBe(1);
    expect((await browser().signIn()).location).toBe("/");
  });

  test("keeps the authorize request through the letter", async () => {
    const nora = browser();
    await nora.signUp({ request: "abc" });
    expect((await nora.follow(await linkTo(email))).location).toBe("/oauth/authorize/continue?request=abc");
  });

  test("says the same for an address that has an account; only the letter tells its owner", async () => {
    await server.facts.addUser(email);
    const other = `other-${email}`;
    const [known, unknown] = [browser(), browser()];
    const answers = [
      await known.signUp({ email: email.toUpperCase() }),
      await unknown.signUp({ email: other }),
    ];
    expect(new Set(answers.map(({ location }) => location))).toEqual(new Set(["/sign-up/sent"]));
    expect((await lettersTo(email)).map(({ subject }) => subject)).toEqual([
      "You have a Latchkey account already",
    ]);
    expect((await lettersTo(other)).map(({ subject }) => subject)).toEqual([
      "Confirm your address for Latchkey",
    ]);
    const cookieLength = ({ visitor }: ReturnType<typeof browser>) =>
      visitor.cookies().get("latchkey.waiting")?.length ?? 0;
    expect(cookieLength(known)).toBeGreaterThan(100);
    const again = [await known.again(), await unknown.again()];
    expect(new Set(again.map(({ location }) => location))).toEqual(new Set(["/sign-up/sent?again=1"]));
    expect(await lettersTo(email)).toHaveLength(2);
  });

  test("answers before it looks the address up", async () => {
    const { prisma } = server.rt.db;
    await server.facts.addUser(email);
    let free = () => {};
    const held = new Promise<void>((resolve) => {
      free = resolve;
    });
    const nora = browser();
    const { hash } = server.rt.passwords;
    let busy: Promise<void> = Promise.resolve();
    // From the moment the password is hashed, the database's one connection is somebody else's.
    server.rt.passwords.hash = async (text) => {
      busy = prisma.$transaction(() => held, { timeout: 60_000 });
      return hash(text);
    };
    expect((await nora.signUp()).location).toBe("/sign-up/sent");
    server.rt.passwords.hash = hash;
    free();
    await busy;
    expect(await lettersTo(email)).toHaveLength(1);
  });

  test.each([
    ["name", { name: "" }],
    ["name", { name: "Line\nbreak" }],
    ["name", { name: "x".repeat(81) }],
    ["email", { email: "no address" }],
    ["email", { email: `a@b.example\r\nBcc: c@d.example` }],
    ["email", { email: `${"x".repeat(250)}@example.test` }],
    ["password", { password: "short" }],
    ["password", { password: "é".repeat(37) }],
  ])("asks for the %s again where it is no good: %o", async (field, form) => {
    const answer = await browser().signUp(form);
    expect(answer.query.get("error")).toBe(field);
    expect(await lettersTo(email)).toEqual([]);
  });

  test("is for everybody only where an administrator has opened it", async () => {
    for (const sign_up of ["invitation", "off"] as const) {
      await server.facts.setInstance({ sign_up });
      expect((await browser().signUp()).location).toBe("/sign-up");
    }
    expect(await lettersTo(email)).toEqual([]);
    await server.facts.setInstance({ sign_up: "open" });
    const late = browser();
    await late.signUp();
    await server.facts.setInstance({ sign_up: "invitation" });
    expect((await late.follow(await linkTo(email))).location).toBe("/sign-up");
    expect(await people()).toBe(0);
  });

  test("fills no mailbox", async () => {
    for (let time = 0; time < toOneMailbox + 3; time += 1)
      expect((await browser().signUp()).location).toBe("/sign-up/sent");
    expect(await lettersTo(email)).toHaveLength(toOneMailbox);
  });
});

describe("the letter's link", () => {
  test("in another browser asks for the password, so that nobody makes an account for a stranger", async () => {
    await browser().signUp();
    const link = await linkTo(email);
    const victim = browser();
    expect((await victim.follow(link)).location).toBe(`/sign-up/confirm?link=${link}`);
    expect((await victim.confirm(link, "what they would guess")).query.get("error")).toBe("credentials");
    expect(await people()).toBe(0);
    expect((await victim.confirm(link)).location).toBe("/");
    expect(await people()).toBe(1);
  });

  test("takes no more guesses than a sign-in does", async () => {
    await browser().signUp();
    const link = await linkTo(email);
    for (let time = 0; time < limits.passwords.fromOneAddress; time += 1)
      expect((await browser().confirm(link, "wrong")).query.get("error")).toBe("credentials");
    expect((await browser().confirm(link)).query.get("wait")).toMatch(/^\d+$/);
    expect(await people()).toBe(0);
  });

  test("works once, and ends every other sign-up to the address", async () => {
    const [nora, other] = [browser(), browser()];
    await nora.signUp();
    const first = await linkTo(email);
    await other.signUp({ password: "another password" });
    const second = await linkTo(email);
    expect((await nora.follow(first)).location).toBe("/");
    expect((await nora.follow(first)).location).toBe(`/sign-up/confirm?link=${first}`);
    expect((await other.follow(second)).location).toBe(`/sign-up/confirm?link=${second}`);
    expect((await other.confirm(second, "another password")).location).toBe(
      `/sign-up/confirm?link=${second}`,
    );
    expect((await browser().signIn("another password")).query.get("error")).toBe("credentials");
  });

  test("followed twice at once makes one account", async () => {
    const nora = browser();
    await nora.signUp();
    const link = await linkTo(email);
    const both = await Promise.all([nora.follow(link), nora.follow(link)]);
    expect(both.map(({ location }) => location).sort()).toEqual(["/", `/sign-up/confirm?link=${link}`]);
    expect(await people()).toBe(1);
  });

  test("ends after a day, and leads to the sign-in where the address got an account another way", async () => {
    const late = browser();
    await late.signUp();
    const old = await linkTo(email);
    server.clock.forward(emailLinkSeconds);
    expect((await late.follow(old)).location).toBe(`/sign-up/confirm?link=${old}`);
    await late.signUp();
    const link = await linkTo(email);
    await server.facts.addUser(email);
    expect((await late.follow(link)).location).toBe("/login?notice=taken");
  });

  test("can be sent again by whoever signed up, and by nobody else", async () => {
    const nora = browser();
    await nora.signUp();
    expect((await nora.again()).location).toBe("/sign-up/sent?again=1");
    expect(await lettersTo(email)).toHaveLength(2);
    expect((await nora.follow(await linkTo(email))).location).toBe("/");
    const stranger = browser();
    expect((await stranger.again()).location).toBe("/login");
    const name = "latchkey.waiting";
    const forged = { cookie: `${name}=x.y.z` };
    expect((await stranger.visitor.post("/sign-up/resend", { any: "x" }, forged)).location).toBe("/login");
  });
});

describe("who has not proven the address", () => {
  test("hears of it at the sign-in after the right password alone, and can have the letter sent again", async () => {
    await browser().signUp();
    const elsewhere = browser();
    expect((await elsewhere.signIn("wrong")).query.get("error")).toBe("credentials");
    expect(elsewhere.visitor.cookies().size).toBe(0);
    const answer = await elsewhere.signIn(password, { next: "/settings/sessions" });
    expect(answer.location).toBe("/sign-up/sent?from=sign-in");
    expect([...elsewhere.visitor.cookies().keys()]).toEqual(["latchkey.waiting"]);
    await elsewhere.again();
    expect(await lettersTo(email)).toHaveLength(2);
    expect((await elsewhere.follow(await linkTo(email))).location).toBe("/");
  });

  test("does not sign in to an account that is there, until the letter's link was followed", async () => {
    const id = await server.facts.addUser(email);
    const passwordHash = await bcrypt.hash(password, 4);
    const data = { passwordHash, emailVerifiedAt: null };
    await server.rt.db.prisma.user.update({ where: { id }, data });
    const nora = browser();
    expect((await nora.signIn("wrong")).query.get("error")).toBe("credentials");
    expect((await nora.signIn()).location).toBe("/sign-up/sent?from=sign-in");
    expect(await server.rt.db.prisma.session.count({ where: { userId: id } })).toBe(0);
    await nora.again();
    const link = await linkTo(email);
    const stranger = browser();
    expect((await stranger.follow(link)).location).toBe(`/sign-up/confirm?link=${link}`);
    expect((await nora.follow(link)).location).toBe("/login?notice=verified");
    expect((await nora.signIn()).location).toBe("/");
    const where = { actorId: id, action: "email.verified" };
    expect(await server.rt.db.prisma.auditEvent.count({ where })).toBe(1);
  });
});

test.each([
  ["open", true, true, true],
  ["invitation", false, true, true],
  ["off", false, false, false],
] as const)("where sign-up is %s: by the form %s, invited %s, from the provider %s", (sign_up, ...lets) => {
  expect([
    letsIn({ sign_up }, "form"),
    letsIn({ sign_up }, "invitation"),
    letsIn({ sign_up }, "provider"),
  ]).toEqual(lets);
});
