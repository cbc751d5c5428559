/** What browsers are told with every answer of the fast lane; pages are in e2e/security.spec.ts. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endpoints } from "../../lib/server/endpoints";
import { answerHeaders, pageHeaders } from "../../lib/server/security-headers";
import { startTestServer, type TestServer } from "../support/runtime";
import { authorizeFields, encode } from "../support/world";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ folder: null }, { issuer: "https://id.example" });
});
afterAll(() => server?.close());

const requests = endpoints.flatMap(({ path, methods }) =>
  [...Object.keys(methods), "OPTIONS"].map((method) => [method, path.replace(":id", "x")] as const),
);

test.each(requests)(
  "%s %s: https only, no guessing of types, nothing about where a browser comes from",
  async (method, path) => {
    const answer = await fetch(server.url + path, { method, redirect: "manual" });
    await answer.arrayBuffer();
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "strict-transport-security": "max-age=31536000",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "x-request-id": expect.stringMatching(/^[0-9A-Za-z]{16}$/),
    });
    for (const name of ["x-powered-by", "server"])
      expect([name, answer.headers.get(name)]).toEqual([name, null]);
    // Anybody may read the metadata from anywhere (RFC 8414); all else is for servers and for our own pages.
    const forAnybody = method === "GET" && path.startsWith("/.well-known/");
    expect(answer.headers.get("access-control-allow-origin")).toBe(forAnybody ? "*" : null);
  },
);

describe("the page of an error", () => {
  test.each(["/oauth/authorize", "/oauth/authorize?client_id=x", "/oauth/authorize?client_id=x&client_id=y"])(
    "at %s has no script, one style, no frame around it, no form and no cache",
    async (path) => {
      const answer = await fetch(server.url + path, { redirect: "manual" });
      expect(answer.status).toBe(400);
      expect(answer.headers.get("content-security-policy")).toMatch(
        /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; frame-ancestors 'none'; base-uri 'none'; form-action 'none'$/,
      );
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        "x-frame-options": "DENY",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
      });
      expect(await answer.text()).not.toMatch(/<script| style="| on\w+="/);
    },
  );
});

test("a redirect that may carry a code tells nobody where it came from, and no cache keeps it (RFC 9700 §4.2.4)", async () => {
  const app = await server.facts.addApp();
  const query = encode(authorizeFields(app, { response_type: "nonsense" }));
  const answer = await fetch(`${server.url}/oauth/authorize?${query}`, { redirect: "manual" });
  expect(answer.status).toBe(303);
  expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
  expect(answer.headers.get("cache-control")).toBe("no-store");
});

test("on http, which is loopback, nobody is told to use https", () => {
  for (const headers of [answerHeaders("http://localhost:3000"), pageHeaders("http://localhost:3000")])
    expect(headers).not.toHaveProperty("strict-transport-security");
  expect(pageHeaders("https://id.example")).toHaveProperty("strict-transport-security");
});
