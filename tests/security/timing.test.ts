/**
 * What a stranger could learn from how long an answer takes: nothing, because whoever is not there costs the very same
 * statements as whoever is. Statements are counted, since a clock on a busy machine proves little.
 */
import bcrypt from "bcryptjs";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { TestApp } from "../support/facts";
import { startTestServer, type TestServer } from "../support/runtime";
import { basic } from "../support/world";

let server: TestServer;
let app: TestApp;
let email: string;
beforeAll(async () => {
  server = await startTestServer();
  const userId = await server.facts.addUser();
  const passwordHash = await bcrypt.hash("their password", 4);
  ({ email } = await server.rt.db.prisma.user.update({ where: { id: userId }, data: { passwordHash } }));
});
afterAll(() => server?.close());
beforeEach(async () => {
  app = await server.facts.addApp({ preset: "machine" });
});

/** Written together some time later, off any request's way: a round of it may fall between two requests. */
const later = /INTO (request_counts|request_traits|secret_uses|observed_redirect_uris)\b/;

/** The statements that a request leads to, in their order. */
async function statementsOf(
  send: () => Promise<Response>,
): Promise<{ answer: [number, string]; statements: string[] }> {
  const query = vi.spyOn(pg.Client.prototype, "query");
  try {
    const response = await send();
    const answer: [number, string] = [response.status, await response.text()];
    const statements = query.mock.calls
      .map(([statement]: unknown[]) => textOf(statement))
      .filter((text) => !later.test(text));
    return { answer, statements };
  } finally {
    query.mockRestore();
  }
}

function textOf(statement: unknown): string {
  if (typeof statement === "string") return statement;
  return typeof statement === "object" && statement && "text" in statement ? String(statement.text) : "?";
}

const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { method: "POST", headers, body: new URLSearchParams(form), redirect: "manual" });

const forms = {
  token: { grant_type: "client_credentials" },
  introspect: { token: "at_nothing" },
  revoke: { token: "at_nothing" },
};

describe.each(Object.entries(forms))("an unknown client at /oauth/%s", (endpoint, form) => {
  test("gets the answer of a wrong secret, by the same statements", async () => {
    const { client_id } = app;
    const presented = (id: string): [string, () => Promise<Response>][] => [
      [
        "Basic",
        () =>
          post(`/oauth/${endpoint}`, form, { authorization: basic({ client_id: id, secret: "cs_wrong" }) }),
      ],
    ];
    for (const [index, [how, known]] of presented(client_id).entries()) {
      const unknown = presented("neverRegistered")[index]?.[1] ?? known;
      const [one, other] = [await statementsOf(known), await statementsOf(unknown)];
      expect([how, one.answer[0]]).toEqual([how, 401]);
      expect(one.statements.length).toBeGreaterThan(0);
      expect([how, other]).toEqual([how, one]);
    }
  });
});

test("an unknown client with a code gets the answer of a wrong secret with a code, by the same statements", async () => {
  const standard = await server.facts.addApp();
  const exchange = (id: string) => () =>
    post(
      "/oauth/token",
      { grant_type: "authorization_code", code: "ac_nothing", redirect_uri: "https://app.example/callback" },
      { authorization: basic({ client_id: id, secret: "cs_wrong" }) },
    );
  const [known, unknown] = [
    await statementsOf(exchange(standard.client_id)),
    await statementsOf(exchange("neverRegistered")),
  ];
  expect(known.answer[0]).toBe(401);
  expect(unknown).toEqual(known);
});

test("an unknown e-mail address gets the answer of a wrong password, by the same statements and one comparison", async () => {
  const compare = vi.spyOn(server.rt.passwords, "verify");
  const attempt = (who: string) => () => post("/login/sign-in", { email: who, password: "a wrong password" });
  const [known, unknown] = [
    await statementsOf(attempt(email)),
    await statementsOf(attempt("nobody@example.test")),
  ];
  expect(known.answer).toEqual([303, ""]);
  expect(known.statements.length).toBeGreaterThan(0);
  expect(unknown).toEqual(known);
  // That the comparison with nothing takes as long as one with a hash is in server/password.test.ts.
  expect(compare.mock.calls.map(([, hash]) => hash === null)).toEqual([false, true]);
});
