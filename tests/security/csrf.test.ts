/** No form of ours is accepted from a page of somebody else's: every endpoint that people's browsers post to. */
import bcrypt from "bcryptjs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { endpoints } from "../../lib/server/endpoints";
import { startTestServer, type TestServer } from "../support/runtime";
import { authorizeFields, encode } from "../support/world";

/** RFC 6749 §3.1: the authorization endpoint is for other sites' links and forms; it decides nothing. */
const forEverybody = ["/oauth/authorize"];
const posted = endpoints
  .filter(({ audience, methods }) => audience === "person" && "POST" in methods)
  .map(({ path }) => path);
const guarded = posted.filter((path) => !forEverybody.includes(path));

const foreign: [string, Record<string, string>][] = [
  ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
  ["another site, in a browser without fetch metadata", { origin: "https://evil.example" }],
  ["another site, in a browser that hides the origin", { "sec-fetch-site": "cross-site" }],
  ["a neighbouring subdomain", { "sec-fetch-site": "same-site" }],
  ["a sandboxed frame", { origin: "null" }],
  [
    "another site that has our name in Referer",
    { origin: "https://evil.example", referer: "https://id.example/login" },
  ],
];

let server: TestServer;
let email: string;
let cookie: string;
let userId: string;
const password = "their own password";
beforeAll(async () => {
  server = await startTestServer();
  userId = await server.facts.addUser();
  const passwordHash = await bcrypt.hash(password, 4);
  ({ email } = await server.rt.db.prisma.user.update({ where: { id: userId }, data: { passwordHash } }));
});
afterAll(() => server?.close());
beforeEach(async () => {
  const answer = await post("/login/sign-in", { email, password }, { "sec-fetch-site": "same-origin" });
  cookie = answer.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
});

function post(path: string, form: Record<string, string>, headers: Record<string, string>) {
  const body = new URLSearchParams(form);
  return fetch(server.url + path, { method: "POST", headers, body, redirect: "manual" });
}

test("the table has forms, and each of them is looked at here", () => {
  expect(guarded).toEqual(expect.arrayContaining(["/login/sign-in", "/consent/decide", "/logout"]));
  expect(posted).toEqual(expect.arrayContaining(forEverybody));
});

describe.each(guarded)("POST %s", (path) => {
  test.each(foreign)("from %s is refused, and nothing has happened", async (_, headers) => {
    const app = await server.facts.addApp();
    const query = encode(authorizeFields(app));
    const asked = await fetch(`${server.url}/oauth/authorize?${query}`, {
      headers: { cookie },
      redirect: "manual",
    });
    const request =
      new URL(asked.headers.get("location") ?? "", server.url).searchParams.get("request") ?? "";
    const before = await server.rows();
    const answer = await post(path, { email, password, request, decision: "deny" }, { ...headers, cookie });
    expect([answer.status, answer.headers.get("location"), answer.headers.getSetCookie()]).toEqual([
      403,
      null,
      [],
    ]);
    expect(await answer.text()).toContain("not sent from a page of this site");
    expect(await server.rows()).toEqual(before);
  });
});

test.each(foreign)("POST /oauth/authorize from %s leaves the question to the person", async (_, headers) => {
  const app = await server.facts.addApp();
  const answer = await post(
    "/oauth/authorize",
    Object.fromEntries(new URLSearchParams(encode(authorizeFields(app)))),
    { ...headers, cookie },
  );
  expect([answer.status, answer.headers.get("location")?.replace(/\?.*/, "")]).toEqual([303, "/consent"]);
});

test("no endpoint of a machine looks at a cookie: what a page elsewhere makes a browser send is nobody's", async () => {
  for (const { path, audience, methods } of endpoints) {
    if (audience !== "machine") continue;
    for (const method of Object.keys(methods)) {
      const send = (headers: Record<string, string>) =>
        fetch(server.url + path.replace(":id", "x"), { method, headers });
      const [without, withOne] = [await send({}), await send({ cookie })];
      expect([path, method, withOne.status]).toEqual([path, method, without.status]);
      expect(withOne.headers.get("access-control-allow-credentials")).toBeNull();
    }
  }
});
