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
    weight: 4,
    make: ({ cookie, request, company }) =>
      form("/consent/decide", { request, company, decision: "allow", snapshot: "x" }, [["cookie", cookie]]),
  },
  {
    weight: 3,
    make: ({ cookie, request }) =>
      form("/consent/decide", { request, decision: "deny" }, [["cookie", cookie]]),
  },
  { weight: 1, make: () => form("/logout", { next: "/login" }) },
];
