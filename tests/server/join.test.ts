/** Joining a company by an invitation, and changing between companies, over real HTTP. */
import bcrypt from "bcryptjs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { limits } from "../../latchkey.config";
import { findInvitation, type Invitation, inviteMember } from "../../lib/db/invitations";
import { findSession } from "../../lib/db/sessions";
import { parseInvitation, postInvitation } from "../../lib/server/invitations";
import { startTestServer, type TestServer } from "../support/runtime";

const password = "the right password";
let server: TestServer;
let owner: string;
let company: string;
let count = 0;

beforeAll(async () => {
  server = await startTestServer();
  server.rt.passwords.verify = async (presented, hash) => hash !== null && bcrypt.compare(presented, hash);
  server.rt.passwords.hash = async (presented) => bcrypt.hash(presented, 4);
});
afterAll(() => server?.close());
beforeEach(async () => {
  owner = await server.facts.addUser();
  company = await server.facts.addCompany();
  await server.facts.addMember(owner, company, "owner");
});

const post = (path: string, form: Record<string, string> | string, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { method: "POST", headers, body: new URLSearchParams(form), redirect: "manual" });
const where = (answer: Response) => [answer.status, answer.headers.get("location")];
const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";

async function invite(email = `guest-${++count}@join.test`, role: Invitation["role"] = "auth_manager") {
  const sent = await inviteMember(server.rt.db, owner, company, { email, role }, limits.invitations);
  if (typeof sent === "string") throw new Error(sent);
  return sent;
}

/** Somebody with an account, signed in. */
async function enter(email = `person-${++count}@join.test`): Promise<{ id: string; cookie: string }> {
  const id = await server.facts.addUser(email);
  const passwordHash = await bcrypt.hash(password, 4);
  await server.rt.db.prisma.user.update({ where: { id }, data: { passwordHash } });
  return { id, cookie: cookieOf(await post("/login/sign-in", { email, password })) };
}

const sessionOf = async (userId: string) => {
  const session = await server.rt.db.prisma.session.findFirstOrThrow({ where: { userId } });
  return findSession(server.rt.db, session.id);
};

describe("an invitation", () => {
  test("is a letter with the link on a line of its own", async () => {
    const sent = await invite("gina@join.test");
    postInvitation(server.rt, sent);
    await expect.poll(() => server.letters.length).toBe(1);
    const [letter] = server.letters;
    expect(letter).toMatchObject({ to: "gina@join.test", subject: `Join ${sent.company} on Latchkey` });
    expect(letter?.text.split("\n")).toContain(`${server.url}/join?link=${sent.link}`);
    expect(letter?.text).toContain(`${sent.invitedBy} invites you to join ${sent.company}`);
  });

  test("goes to one address in small letters, whatever is typed around it, and to nothing else", () => {
    const parsed = (email: string | null, role: string | null = "member") => {
      const form = new FormData();
      if (email !== null) form.set("email", email);
      if (role !== null) form.set("role", role);
      return parseInvitation(form);
    };
    expect(parsed(" Gina@Join.Test ")).toEqual({
      ok: true,
      input: { email: "gina@join.test", role: "member" },
    });
    for (const wrong of [
      "",
      "gina",
      "a@b.test, c@d.test",
      "a@b.test\r\nBcc: c@d.test",
      "a\0@b.test",
      `${"a".repeat(250)}@b.test`,
      null,
    ])
      expect(parsed(wrong), String(wrong)).toMatchObject({
        ok: false,
        errors: { email: expect.any(String) },
      });
    for (const role of ["admin", "", null])
      expect(parsed("a@b.test", role)).toMatchObject({ ok: false, errors: { role: "Choose a role." } });
  });
});

describe("POST /join/accept", () => {
  test("lets the person join, who then works for the company", async () => {
    const email = `known-${++count}@join.test`;
    const { id, cookie } = await enter(email);
    const other = await server.facts.addCompany();
    await server.facts.addMember(id, other, "owner");
    const { link } = await invite(email);
    // Whatever else is sent along.
    const answer = await post("/join/accept", { link, role: "owner", company: other }, { cookie });
    expect(where(answer)).toEqual([303, "/company/profile?joined=1"]);
    const session = await sessionOf(id);
    expect(session?.companies).toContainEqual({
      id: company,
      name: expect.any(String),
      role: "auth_manager",
    });
    expect(session?.company?.id).toBe(company);
    expect(where(await post("/join/accept", { link }, { cookie }))).toEqual([303, `/join?link=${link}`]);
  });

  test("leads nobody, strangers and links that are none back to the page", async () => {
    const { link } = await invite();
    const { id, cookie } = await enter();
    expect(where(await post("/join/accept", { link }))).toEqual([303, `/join?link=${link}`]);
    expect(where(await post("/join/accept", { link }, { cookie }))).toEqual([303, `/join?link=${link}`]);
    expect(where(await post("/join/accept", {}, { cookie }))).toEqual([303, "/join?link="]);
    const nul = await post("/join/accept", { link: "\0" }, { cookie });
    expect(nul.status).toBeLessThan(500);
    expect((await sessionOf(id))?.companies).toEqual([]);
    expect(await findInvitation(server.rt.db, link)).not.toBeNull();
  });

  test("takes no form of another site, and no field twice", async () => {
    const email = `known-${++count}@join.test`;
    const { id, cookie } = await enter(email);
    const { link } = await invite(email);
    expect((await post("/join/accept", { link }, { cookie, origin: "https://evil.example" })).status).toBe(
      403,
    );
    expect((await post("/join/accept", `link=${link}&link=${link}`, { cookie })).status).toBe(400);
    expect((await sessionOf(id))?.companies).toEqual([]);
  });
});

describe("POST /join/create-account", () => {
  test("makes the account, signs in and joins, with the role that was meant", async () => {
    const { link, email } = await invite();
    const form = { link, name: "Gina Guest", password, role: "owner", email: "other@join.test" };
    const answer = await post("/join/create-account", form);
    expect(where(answer)).toEqual([303, "/company/profile?joined=1"]);
    const user = await server.rt.db.prisma.user.findUniqueOrThrow({ where: { email } });
    expect(await bcrypt.compare(password, user.passwordHash)).toBe(true);
    expect(await sessionOf(user.id)).toMatchObject({
      name: "Gina Guest",
      isAdmin: false,
      companies: [{ id: company, role: "auth_manager" }],
    });
    expect(cookieOf(answer)).toContain("latchkey.session=");
    expect(await server.rt.db.prisma.user.count({ where: { email: "other@join.test" } })).toBe(0);
  });

  test("says which field is wrong and keeps the name, never the password", async () => {
    const { link } = await invite();
    const wrong = async (name: string, secret: string) => {
      const answer = await post("/join/create-account", { link, name, password: secret });
      expect(answer.headers.getSetCookie()).toEqual([]);
      return new URL(answer.headers.get("location") ?? "", server.url).searchParams;
    };
    const short = await wrong("Gina", "short12");
    expect([short.get("wrong"), short.get("name")]).toEqual(["password", "Gina"]);
    expect(short.toString()).not.toContain("short12");
    expect((await wrong(" ", password)).get("wrong")).toBe("name");
    expect((await wrong("Gi\u202ena", "é".repeat(37))).get("wrong")).toBe("name password");
    expect(await findInvitation(server.rt.db, link)).not.toBeNull();
  });

  test("makes nothing without a good link, nor where there is an account", async () => {
    const hashes: string[] = [];
    const { hash } = server.rt.passwords;
    server.rt.passwords.hash = async (presented) => {
      hashes.push(presented);
      return hash(presented);
    };
    const email = `known-${++count}@join.test`;
    await enter(email);
    const { link } = await invite(email);
    for (const one of [link, "nothing", ""]) {
      const answer = await post("/join/create-account", { link: one, name: "Gina", password });
      expect(where(answer)).toEqual([303, `/join?link=${one}`]);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    expect(hashes).toEqual([]);
    server.rt.passwords.hash = hash;
  });
});

describe("POST /company/switch", () => {
  const from = (path: string) => ({ referer: `${server.url}${path}` });

  test("changes the company of this sign-in, and leads back to the section it was sent from", async () => {
    const { id, cookie } = await enter();
    const one = await server.facts.addCompany(id);
    server.clock.forward(1);
    const two = await server.facts.addCompany(id);
    expect((await sessionOf(id))?.company?.id).toBe(one);
    const answer = await post(
      "/company/switch",
      { company: two },
      { cookie, ...from("/company/api/abc?after=x") },
    );
    expect(where(answer)).toEqual([303, "/company/api"]);
    expect((await sessionOf(id))?.company?.id).toBe(two);
    const settings = await post(
      "/company/switch",
      { company: one },
      { cookie, ...from("/settings/profile") },
    );
    expect(where(settings)).toEqual([303, "/settings/profile"]);
    for (const referer of ["", "nonsense", "https://evil.example//evil.example/"])
      expect(
        (await post("/company/switch", { company: one }, { cookie, referer })).headers.get("location"),
      ).toMatch(/^\/(?!\/)/);
  });

  test("is for companies one belongs to, asked each time", async () => {
    const { id, cookie } = await enter();
    const own = await server.facts.addCompany(id);
    expect((await post("/company/switch", { company: "\0" }, { cookie })).status).toBe(400);
    for (const foreign of [company, "nothing", "", "a".repeat(500)])
      expect((await post("/company/switch", { company: foreign }, { cookie })).status).toBe(403);
    expect((await sessionOf(id))?.company?.id).toBe(own);
    const second = await server.facts.addCompany(id);
    await post("/company/switch", { company: second }, { cookie });
    await server.facts.leave(id, second);
    expect((await sessionOf(id))?.company?.id).toBe(own);
    expect(where(await post("/company/switch", { company: own }))).toEqual([
      303,
      "/login?next=%2Fcompany%2Fprofile",
    ]);
    expect(
      (await post("/company/switch", { company: own }, { cookie, origin: "https://evil.example" })).status,
    ).toBe(403);
  });

  test("nobody chose means the first company they manage", async () => {
    const { id } = await enter();
    await server.facts.addCompany(id);
    server.clock.forward(1);
    const managed = await server.facts.addCompany();
    await server.facts.addMember(id, managed, "auth_manager");
    expect((await sessionOf(id))?.company?.id).toBe(managed);
  });
});
