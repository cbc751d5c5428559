/** The audit log for a spreadsheet, over real HTTP. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { auditRow } from "../../lib/db/audit";
import { openSession } from "../../lib/server/auth";
import { startTestServer, type TestServer } from "../support/runtime";

let server: TestServer;
let admin: string;
let cookie: string;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.close());
beforeEach(async () => {
  await server.rt.db.prisma.auditEvent.deleteMany();
  await server.rt.db.prisma.user.deleteMany();
  admin = await server.facts.addUser("admin@csv.test");
  await server.facts.makeAdmin(admin);
  cookie = await signedIn(admin);
});

const device = { userAgent: "", address: "", cookie: undefined };
async function signedIn(id: string): Promise<string> {
  const { email } = await server.rt.db.prisma.user.findUniqueOrThrow({ where: { id } });
  const [session = ""] = await openSession(server.rt, { id, email }, device);
  return session.split(";", 1)[0] ?? "";
}
const get = (query = "", headers: Record<string, string> = { cookie }) =>
  fetch(`${server.url}/admin/audit.csv${query}`, { headers, redirect: "manual" });
async function log(entry: Parameters<typeof auditRow>[1]) {
  const { db } = server.rt;
  server.clock.forward(1);
  await db.prisma.auditEvent.create({ data: auditRow(db, entry) });
}
const linesOf = async (answer: Response) => (await answer.text()).trimEnd().split("\r\n");

test("an administrator gets every event, newest first, as a file", async () => {
  const person = await server.facts.addUser("person@csv.test");
  await log({
    action: "user.suspended",
    actorId: admin,
    subjectId: person,
    details: { email: "person@csv.test" },
  });
  await log({ action: "settings.changed", actorId: admin });
  const answer = await get();
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(answer.headers.get("content-disposition")).toMatch(
    /^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"$/,
  );
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const [head, first, second, ...rest] = await linesOf(answer);
  expect(head).toBe(
    "at,action,actor_id,actor_name,actor_email,subject_id,subject_name,subject_email,app_id,app_name,company_id,company_name,details",
  );
  expect(first).toContain(`,settings.changed,${admin},admin,admin@csv.test,,,,`);
  expect(second).toContain(`,user.suspended,${admin},admin,admin@csv.test,${person},person,person@csv.test,`);
  expect(rest).toEqual([]);
});

test("a name that a spreadsheet would run is text, and one with quotes and line ends stays in its cell", async () => {
  for (const name of ["=cmd()", "+1", "-1", "@SUM(A1)", '"quoted"']) {
    const id = await server.facts.addUser();
    await server.rt.db.prisma.user.update({ where: { id }, data: { name } });
    await log({ action: "password.changed", actorId: id, details: { note: "one\r\ntwo, three" } });
  }
  const text = await (await get()).text();
  for (const sign of ["=", "+", "-", "@"]) expect(text).not.toMatch(new RegExp(`[,\\n]"?\\${sign}`));
  expect(text).toContain(",'=cmd(),");
  expect(text).toContain(',"""quoted""",');
  expect(text.trimEnd().split("\r\n")).toHaveLength(6);
});

test("the filters of the page hold here; whoever is nobody has done nothing", async () => {
  const person = await server.facts.addUser("person@csv.test");
  const company = await server.facts.addCompany();
  const { client_id } = await server.facts.addApp({ ownerId: person });
  await server.rt.db.prisma.auditEvent.deleteMany();
  await log({ action: "user.suspended", actorId: admin, subjectId: person });
  await log({ action: "app.suspended", actorId: admin, appId: client_id });
  await log({ action: "company.changed", actorId: person, companyId: company });
  const day = server.clock.now().toISOString().slice(0, 10);
  const actions = async (query: string) =>
    (await linesOf(await get(query))).slice(1).map((line) => line.split(",")[1]);
  expect(await actions("?person=PERSON%40csv.test")).toEqual(["company.changed", "user.suspended"]);
  expect(await actions(`?app=${client_id}`)).toEqual(["app.suspended"]);
  expect(await actions("?app=test+app")).toEqual(["app.suspended"]);
  expect(await actions(`?company=${company}`)).toEqual(["company.changed"]);
  expect(await actions("?action=app.*")).toEqual(["app.suspended"]);
  expect(await actions(`?person=admin%40csv.test&action=user.suspended&from=${day}&to=${day}`)).toEqual([
    "user.suspended",
  ]);
  expect(await actions("?to=2001-01-01")).toEqual([]);
  expect(await actions("?person=nobody%40csv.test")).toEqual([]);
  // What is deleted is still found by its id.
  await server.facts.dropApp(client_id);
  expect(await actions(`?app=${client_id}`)).toEqual(["app.suspended"]);
  // What cannot be read is no filter, and breaks nothing.
  for (const odd of ["?from=yesterday", "?person=%00", "?action=%27%3B--", "?after=%E0%A4", "?app=&company="])
    expect([odd, (await actions(odd)).length]).toEqual([odd, 3]);
});

test("more than one batch comes whole and in order", async () => {
  const { db } = server.rt;
  const rows = Array.from({ length: 1201 }, (_, at) => ({
    ...auditRow(db, { action: "token.created", actorId: admin, details: { at } }),
    at: new Date(db.now().getTime() + Math.floor(at / 7)),
  }));
  await db.prisma.auditEvent.createMany({ data: rows });
  const lines = await linesOf(await get());
  expect(lines).toHaveLength(1202);
  expect(new Set(lines).size).toBe(1202);
  const moments = lines.slice(1).map((line) => line.slice(0, 24));
  expect(moments).toEqual([...moments].sort().reverse());
});

test("is for administrators: nobody is sent to sign in, others find nothing here, and only reading is allowed", async () => {
  await log({ action: "settings.changed", actorId: admin });
  const nobody = await get("?action=settings.changed", {});
  expect([nobody.status, nobody.headers.get("location")]).toEqual([
    303,
    "/login?next=%2Fadmin%2Faudit.csv%3Faction%3Dsettings.changed",
  ]);
  const member = await server.facts.addUser();
  const other = await get("", { cookie: await signedIn(member) });
  expect([other.status, (await other.text()).includes("settings.changed")]).toEqual([404, false]);
  await server.facts.suspendUser(admin);
  expect((await get()).status).toBe(303);
  const posted = await fetch(`${server.url}/admin/audit.csv`, { method: "POST", headers: { cookie } });
  expect(posted.status).toBe(405);
});
