/** The links that let somebody in for the first time, over real HTTP. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createLink } from "../../lib/db/one-time-links";
import { firstAdminAddress } from "../../lib/server/setup";
import { startTestServer, type TestServer } from "../support/runtime";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  server.rt.passwords.hash = async (password) => `hash of ${password}`;
});
afterAll(() => server?.close());
beforeEach(async () => {
  await server.rt.db.prisma.user.deleteMany();
});

const post = (path: string, body: Record<string, string> | string, headers: Record<string, string> = {}) =>
  fetch(server.url + path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: typeof body === "string" ? body : new URLSearchParams(body).toString(),
    redirect: "manual",
  });
const ada = { name: "Ada", email: "ada@setup.test", password: "correct horse" };
const linkOf = (address: string | null) => new URL(address ?? "http://none").searchParams.get("link") ?? "";
const users = () => server.rt.db.prisma.user.findMany({ where: { kind: "person" } });

test("the link of the start makes an administrator who is signed in at once; a second time it opens nothing", async () => {
  const link = linkOf(await firstAdminAddress(server.rt));
  expect(link).toMatch(/^[0-9A-Za-z]{40}$/);
  const made = await post("/setup/create", { link, ...ada });
  expect([made.status, made.headers.get("location")]).toEqual([303, "/admin"]);
  expect(made.headers.getSetCookie()[0]).toContain("latchkey.session=");
  expect(await users()).toMatchObject([
    { ...{ email: ada.email, isAdmin: true }, passwordHash: "hash of correct horse" },
  ]);
  const again = await post("/setup/create", { link, ...ada, email: "eve@setup.test" });
  expect([again.status, again.headers.getSetCookie()]).toEqual([400, []]);
  expect(await users()).toHaveLength(1);
  expect(await firstAdminAddress(server.rt)).toBeNull();
});

test("what is wrong is said by field, keeps what was typed but the password, and the link goes on working", async () => {
  const link = linkOf(await firstAdminAddress(server.rt));
  const wrong: [Record<string, string>, string][] = [
    [{ ...ada, name: "\u202eadA" }, "name"],
    [{ ...ada, name: "" }, "name"],
    [{ ...ada, email: "nobody" }, "email"],
    [{ ...ada, password: "short" }, "password"],
    [{ ...ada, password: "long".repeat(19) }, "password"],
  ];
  for (const [form, error] of wrong) {
    const answer = await post("/setup/create", { link, ...form });
    const to = new URL(answer.headers.get("location") ?? "", server.url);
    expect([answer.status, to.pathname, to.searchParams.get("error")]).toEqual([303, "/setup", error]);
    expect(to.searchParams.get("email")).toBe(form.email);
    expect(to.href).not.toContain(form.password);
  }
  expect(await users()).toEqual([]);
  expect((await post("/setup/create", { link, ...ada })).headers.get("location")).toBe("/admin");
});

test("forms of others, doubled fields, NUL bytes and no link at all are refused and make nobody", async () => {
  const link = linkOf(await firstAdminAddress(server.rt));
  const body = new URLSearchParams({ link, ...ada }).toString();
  const answers = [
    await post("/setup/create", body, { origin: "https://evil.example" }),
    await post("/setup/create", `${body}&email=eve%40setup.test`),
    await post("/setup/create", body.replace("Ada", "A%00")),
    await post("/setup/create", { ...ada }),
    await post("/setup/create", JSON.stringify({ link, ...ada }), { "content-type": "application/json" }),
    await fetch(`${server.url}/setup/create?${body}`),
  ];
  expect(answers.map(({ status }) => status)).toEqual([403, 400, 400, 400, 400, 405]);
  expect(await users()).toEqual([]);
});

test("a letter's link sets the password of its account once and signs in; not of one that is suspended", async () => {
  const { db } = server.rt;
  const userId = await server.facts.addUser("new@setup.test");
  const make = () =>
    createLink(db, db.prisma, { purpose: "set_password", userId, email: "new@setup.test", seconds: 60 });
  const link = await make();
  const short = await post("/setup/password/save", { link, password: "short" });
  expect(short.headers.get("location")).toBe(`/setup/password?link=${link}&error=short`);
  const right = await post("/setup/password/save", { link, password: ada.password });
  expect([right.headers.get("location"), right.headers.getSetCookie().length]).toEqual(["/", 2]);
  expect(await users()).toMatchObject([
    { passwordHash: "hash of correct horse", emailVerifiedAt: server.clock.now() },
  ]);
  const again = await post("/setup/password/save", { link, password: "another password" });
  expect([again.headers.get("location"), again.headers.getSetCookie()]).toEqual([
    `/setup/password?link=${link}`,
    [],
  ]);
  const second = await make();
  await server.facts.suspendUser(userId);
  const stopped = await post("/setup/password/save", { link: second, password: "another password" });
  expect(stopped.headers.getSetCookie()).toEqual([]);
  expect(await users()).toMatchObject([{ passwordHash: "hash of correct horse" }]);
});
