/** Proving again who one is, over real HTTP. */
import bcrypt from "bcryptjs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { limits } from "../../latchkey.config";
import { findSession } from "../../lib/db/sessions";
import { startTestServer, type TestServer } from "../support/runtime";

const password = "the right password";
let server: TestServer;
let cookie: string;
let userId: string;
beforeAll(async () => {
  server = await startTestServer();
  server.rt.passwords.verify = async (presented, hash) => hash !== null && bcrypt.compare(presented, hash);
});
afterAll(() => server?.close());
beforeEach(async () => {
  userId = await server.facts.addUser();
  const passwordHash = await bcrypt.hash(password, 4);
  const { email } = await server.rt.db.prisma.user.update({ where: { id: userId }, data: { passwordHash } });
  const answer = await post("/login/sign-in", { email, password });
  cookie = answer.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
  server.clock.forward(3600);
});

const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { method: "POST", headers, body: new URLSearchParams(form), redirect: "manual" });

const confirm = (form: Record<string, string>, headers: Record<string, string> = { cookie }) =>
  post("/login/confirm/check", { next: "/admin/apps", ...form }, headers);

async function confirmedAt(): Promise<Date | undefined> {
  const session = await server.rt.db.prisma.session.findFirstOrThrow({ where: { userId } });
  return (await findSession(server.rt.db, session.id))?.confirmedAt;
}

test("the right password counts from now on, and leads on", async () => {
  const before = await confirmedAt();
  const answer = await confirm({ password });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/admin/apps"]);
  expect(await confirmedAt()).toEqual(server.clock.now());
  expect(before).not.toEqual(server.clock.now());
});

test("a wrong one changes nothing, and too many have to wait", async () => {
  const before = await confirmedAt();
  for (let time = 0; time < limits.passwords.fromOneAddress; time += 1)
    expect((await confirm({ password: "wrong" })).headers.get("location")).toBe(
      "/login/confirm?error=credentials&next=%2Fadmin%2Fapps",
    );
  expect((await confirm({ password })).headers.get("location")).toMatch(/error=wait&seconds=\d+/);
  expect(await confirmedAt()).toEqual(before);
});

test("nobody, a foreign page and a foreign address get nowhere", async () => {
  expect((await confirm({ password }, {})).headers.get("location")).toBe("/login?next=%2Fadmin%2Fapps");
  const foreign = await confirm({ password }, { cookie, origin: "https://evil.example" });
  expect(foreign.status).toBe(403);
  expect((await confirm({ password, next: "//evil.example" })).headers.get("location")).toBe("/");
});
