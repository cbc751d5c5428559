/** For each endpoint a request that it answers well: what the fuzz starts from. */
import type { TestApp } from "../support/facts";
import { authorizeFields, basic, exchangeFields, type Fields } from "../support/world";
import { type Draft, PASSWORD, type Pairs, type Supplies } from "./fuzz-world";

type Make = (supplies: Supplies) => Draft;

const FORM = "application/x-www-form-urlencoded";
const get = (path: string, headers: Pairs = [], query: Pairs = []): Draft => ({
  method: "GET",
  path,
  query,
  headers,
  body: null,
});
const pairs = (fields: Fields): Pairs =>
  Object.entries(fields).flatMap(([name, value]): Pairs => (value === undefined ? [] : [[name, value]]));
const form = (path: string, fields: Fields, headers: Pairs = []): Draft => ({
  method: "POST",
  path,
  query: [],
  headers: [["content-type", FORM], ...headers],
  body: { form: pairs(fields) },
});
const json = (method: string, path: string, value: unknown, headers: Pairs): Draft => ({
  method,
  path,
  query: [],
  headers: [["content-type", "application/json"], ...headers],
  body: { text: JSON.stringify(value) },
});
const bearer = (token: string): [string, string] => ["authorization", `Bearer ${token}`];
const client = (app: TestApp): [string, string] => ["authorization", basic(app)];

/** A passkey's answer, as a browser sends it; nobody has that passkey. */
const answer = JSON.stringify({
  ...{ id: "AAAA", rawId: "AAAA", type: "public-key" },
  response: {
    clientDataJSON: Buffer.from('{"type":"webauthn.get","challenge":"AAAA"}').toString("base64url"),
    ...{ authenticatorData: "AAAA", signature: "AAAA", userHandle: "AAAA" },
  },
});

/** Valid requests: how often each is the start of one of the fuzz's, and how it is made. */
export const valid: readonly { weight: number; make: Make }[] = [
  { weight: 8, make: ({ app, code }) => form("/oauth/token", exchangeFields(code), [client(app)]) },
  {
    weight: 4,
    make: ({ app, code }) =>
      form("/oauth/token", exchangeFields(code, { client_id: app.client_id, client_secret: app.secret })),
  },
  {
    weight: 8,
    make: ({ app, refreshToken }) =>
      form("/oauth/token", { grant_type: "refresh_token", refresh_token: refreshToken, scope: "read" }, [
        client(app),
      ]),
  },
  {
    weight: 8,
    make: ({ app }) =>
      form("/oauth/token", { grant_type: "client_credentials", scope: "read" }, [client(app)]),
  },
  {
    weight: 2,
    make: ({ app, email }) =>
      form("/oauth/token", { grant_type: "password", username: email, password: PASSWORD }, [client(app)]),
  },
  {
    weight: 8,
    make: ({ app, accessToken }) =>
      form("/oauth/introspect", { token: accessToken, token_type_hint: "access_token" }, [client(app)]),
  },
  { weight: 4, make: ({ app, accessToken }) => form("/oauth/revoke", { token: accessToken }, [client(app)]) },
  { weight: 2, make: () => get("/.well-known/oauth-authorization-server") },
  { weight: 1, make: () => get("/healthz") },
  { weight: 1, make: () => get("/readyz") },
  { weight: 1, make: () => get("/metrics") },
  { weight: 6, make: ({ accessToken }) => get("/public/v1/me", [bearer(accessToken)]) },
  { weight: 2, make: ({ personalToken: token }) => get("/public/v1/workspaces", [bearer(token)]) },
  { weight: 4, make: ({ personalToken: token }) => get("/public/v1/projects", [bearer(token)]) },
  {
    weight: 8,
    make: ({ personalToken: token, company }) =>
      json("POST", "/public/v1/projects", { name: "Fuzz", workspace_id: company }, [bearer(token)]),
  },
  {
    weight: 3,
    make: ({ personalToken: token, project }) => get(`/public/v1/projects/${project}`, [bearer(token)]),
  },
  {
    weight: 6,
    make: ({ personalToken: token, project }) =>
      json("PATCH", `/public/v1/projects/${project}`, { name: "Renamed" }, [bearer(token)]),
  },
  {
    weight: 2,
    make: ({ personalToken: token, project }) => ({
      ...get(`/public/v1/projects/${project}`, [bearer(token)]),
      method: "DELETE",
    }),
  },
  { weight: 2, make: ({ adminToken }) => get("/admin/v1/me", [bearer(adminToken)]) },
  { weight: 1, make: () => get("/admin/v1/openapi.json") },
  { weight: 2, make: ({ adminToken, app }) => get(`/admin/v1/apps/${app.client_id}`, [bearer(adminToken)]) },
  {
    weight: 2,
    make: ({ adminToken }) =>
      json("PATCH", "/admin/v1/apps/nobody", { status: "suspended", reason: "x" }, [bearer(adminToken)]),
  },
  {
    weight: 3,
    make: ({ adminToken }) =>
      get(
        "/admin/v1/tokens",
        [bearer(adminToken)],
        [
          ["kind", "personal"],
          ["limit", "2"],
        ],
      ),
  },
  {
    weight: 2,
    make: ({ adminToken, accessToken: token }) =>
      json("POST", "/admin/v1/tokens/lookup", { token }, [bearer(adminToken)]),
  },
  {
    weight: 1,
    make: ({ adminToken }) => ({
      ...get("/admin/v1/tokens/00", [bearer(adminToken)], [["kind", "personal"]]),
      method: "DELETE",
    }),
  },
  {
    weight: 3,
    make: ({ adminToken }) =>
      get(
        "/admin/v1/audit",
        [bearer(adminToken)],
        [
          ["action", "token.*"],
          ["from", "2026-01-01T00:00:00Z"],
        ],
      ),
  },
  { weight: 5, make: ({ adminToken }) => get("/admin/v1/apps", [bearer(adminToken)], [["limit", "2"]]) },
  { weight: 2, make: () => get("/logos/abc") },
  {
    weight: 8,
    make: ({ app, cookie }) => get("/oauth/authorize", [["cookie", cookie]], pairs(authorizeFields(app))),
  },
  { weight: 4, make: ({ publicApp }) => form("/oauth/authorize", authorizeFields(publicApp)) },
  {
    weight: 3,
    make: ({ cookie, request }) =>
      get("/oauth/authorize/continue", [["cookie", cookie]], [["request", request]]),
  },
  // Passwords are slow to check, on purpose.
  {
    weight: 1,
    make: ({ email, request }) => form("/login/sign-in", { email, password: "", request, next: "/settings" }),
  },
  {
    weight: 1,
    make: ({ cookie }) =>
      form("/login/confirm/check", { password: "", next: "/settings" }, [["cookie", cookie]]),
  },
  {
    weight: 2,
    make: ({ cookie }) => form("/login/confirm/passkey", { answer, next: "/settings" }, [["cookie", cookie]]),
  },
  { weight: 2, make: ({ request }) => form("/login/second/check", { code: "123456", request }) },
  { weight: 2, make: ({ request }) => form("/login/passkey", { answer, request }) },
  {
    weight: 2,
    make: ({ cookie }) => json("POST", "/login/passkey/options", { for: "confirm" }, [["cookie", cookie]]),
  },
  {
    weight: 4,
    make: ({ cookie, request, company }) =>
      form("/consent/decide", { request, company, decision: "allow", snapshot: "x" }, [["cookie", cookie]]),
  },
  {
    weight: 3,
    make: ({ cookie, request }) =>
      form("/consent/decide", { request, decision: "deny" }, [["cookie", cookie]]),
  },
  {
    weight: 2,
    make: () =>
      json("POST", "/oauth/leak-report", { tokens: ["at_x"], source: "https://example.test/log" }, []),
  },
  { weight: 2, make: () => form("/report-leak/send", { tokens: "a log with at_x in it", source: "a log" }) },
  { weight: 1, make: () => form("/logout", { next: "/login" }) },
  { weight: 2, make: ({ cookie }) => get("/admin/audit.csv", [["cookie", cookie]], [["action", "token.*"]]) },
  {
    weight: 2,
    make: () =>
      form("/setup/create", {
        link: "x".repeat(40),
        name: "Fuzz",
        email: "fuzz@example.test",
        password: PASSWORD,
      }),
  },
  { weight: 2, make: () => form("/setup/password/save", { link: "x".repeat(40), password: PASSWORD }) },
  {
    weight: 1,
    make: ({ cookie }) =>
      form("/login/confirm/check", { password: "", next: "/settings" }, [["cookie", cookie]]),
  },
  { weight: 2, make: ({ email, request }) => form("/login/forgot/send", { email, request }) },
  { weight: 2, make: () => form("/login/reset/set", { link: "x".repeat(40), password: PASSWORD }) },
  {
    weight: 2,
    make: ({ cookie }) => form("/login/email/change", { link: "x".repeat(40) }, [["cookie", cookie]]),
  },
  { weight: 2, make: ({ request }) => get("/login/sso", [], [["request", request]]) },
  {
    weight: 2,
    make: () =>
      get(
        "/login/sso/callback",
        [],
        [
          ["code", "x"],
          ["state", "y"],
        ],
      ),
  },
  {
    weight: 2,
    make: ({ request }) =>
      form("/sign-up/create", { name: "Fuzz", email: "fuzz@example.test", password: PASSWORD, request }),
  },
  { weight: 1, make: () => form("/sign-up/resend", { again: "1" }) },
  { weight: 2, make: () => get("/sign-up/verify", [], [["link", "x".repeat(40)]]) },
  { weight: 2, make: () => form("/sign-up/confirm/check", { link: "x".repeat(40), password: PASSWORD }) },
  { weight: 3, make: ({ cookie, company }) => form("/company/switch", { company }, [["cookie", cookie]]) },
  { weight: 2, make: ({ cookie }) => form("/join/accept", { link: "x".repeat(40) }, [["cookie", cookie]]) },
  {
    weight: 2,
    make: () => form("/join/create-account", { link: "x".repeat(40), name: "Fuzz", password: PASSWORD }),
  },
];
