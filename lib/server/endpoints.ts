/**
 * The one table of endpoints that answer without Next. The server reads it in front of Next (the fast lane), and
 * `app/**\/route.ts` wrap the same entries for hosts where Next owns the server.
 */
import { introspect } from "../oauth/endpoints/introspect";
import { metadata } from "../oauth/endpoints/metadata";
import { revoke } from "../oauth/endpoints/revoke";
import { token } from "../oauth/endpoints/token";
import type { EndpointRequest, EndpointResponse } from "../oauth/message";
import { openApiEndpoint } from "./api/admin/openapi";
import { endpointsOf } from "./api/admin/operation";
import { operations } from "./api/admin/operations";
import { me, workspaces } from "./api/me";
import { addProject, editProject, project, projects, removeProject } from "./api/projects";
import { auditCsv } from "./audit-csv";
import { limited } from "./client-limits";
import { companySwitchEndpoint } from "./company-switch";
import { confirmByPasskeyEndpoint, confirmEndpoint } from "./confirm";
import { changeEmailEndpoint } from "./email-change";
import { forgotEndpoint } from "./forgot";
import { healthz, readyz } from "./health";
import {
  authorizeEndpoint,
  continueEndpoint,
  decideEndpoint,
  signInEndpoint,
  signOutEndpoint,
} from "./interaction";
import { acceptEndpoint, createAccountEndpoint } from "./join";
import { leakFormEndpoint, leakReportEndpoint } from "./leak-report";
import { logo } from "./logos";
import { metricsEndpoint } from "./metrics-endpoint";
import { passkeyOptionsEndpoint, passkeySignInEndpoint } from "./passkey-sign-in";
import { resetEndpoint, setPasswordEndpoint } from "./password-link";
import type { Runtime } from "./runtime";
import { secondStepEndpoint } from "./second-step";
import { setupEndpoint } from "./setup";
import { confirmAddressEndpoint, resendEndpoint, signUpEndpoint, verifyEndpoint } from "./sign-up";
import { ssoCallbackEndpoint, ssoEndpoint } from "./sso-endpoints";

/** @param id the `:id` of the path, or "" */
export type Endpoint = (rt: Runtime, request: EndpointRequest, id: string) => Promise<EndpointResponse>;

export interface EndpointEntry {
  path: string;
  /** Who reads an error: a machine gets JSON, a person a page. */
  audience: "machine" | "person";
  methods: Readonly<Record<string, Endpoint>>;
}

const machine = (path: string, methods: EndpointEntry["methods"]): EndpointEntry => ({
  path,
  audience: "machine",
  methods,
});
const person = (path: string, methods: EndpointEntry["methods"]): EndpointEntry => ({
  path,
  audience: "person",
  methods,
});

export const endpoints: readonly EndpointEntry[] = [
  machine("/oauth/token", { POST: limited(token) }),
  machine("/oauth/introspect", { POST: limited(introspect) }),
  machine("/oauth/revoke", { POST: limited(revoke) }),
  machine("/oauth/leak-report", { POST: leakReportEndpoint }),
  machine("/.well-known/oauth-authorization-server", { GET: (rt) => metadata(rt.as) }),
  machine("/healthz", { GET: healthz }),
  machine("/readyz", { GET: readyz }),
  machine("/metrics", { GET: metricsEndpoint }),
  machine("/public/v1/me", { GET: me }),
  machine("/public/v1/workspaces", { GET: workspaces }),
  machine("/public/v1/projects", { GET: projects, POST: addProject }),
  machine("/public/v1/projects/:id", { GET: project, PATCH: editProject, DELETE: removeProject }),
  machine("/admin/v1/openapi.json", { GET: openApiEndpoint(operations) }),
  ...[...endpointsOf(operations)].map(([path, methods]) => machine(path, methods)),
  machine("/logos/:id", { GET: logo }),
  person("/oauth/authorize", { GET: authorizeEndpoint, POST: authorizeEndpoint }),
  person("/oauth/authorize/continue", { GET: continueEndpoint }),
  person("/login/sign-in", { POST: signInEndpoint }),
  person("/login/second/check", { POST: secondStepEndpoint }),
  person("/login/passkey", { POST: passkeySignInEndpoint }),
  person("/login/passkey/options", { POST: passkeyOptionsEndpoint }),
  person("/login/confirm/check", { POST: confirmEndpoint }),
  person("/report-leak/send", { POST: leakFormEndpoint }),
  person("/login/forgot/send", { POST: forgotEndpoint }),
  person("/login/reset/set", { POST: resetEndpoint }),
  person("/login/email/change", { POST: changeEmailEndpoint }),
  person("/login/sso", { GET: ssoEndpoint }),
  person("/login/sso/callback", { GET: ssoCallbackEndpoint }),
  person("/sign-up/create", { POST: signUpEndpoint }),
  person("/sign-up/resend", { POST: resendEndpoint }),
  person("/sign-up/verify", { GET: verifyEndpoint }),
  person("/sign-up/confirm/check", { POST: confirmAddressEndpoint }),
  person("/admin/audit.csv", { GET: auditCsv }),
  person("/setup/create", { POST: setupEndpoint }),
  person("/setup/password/save", { POST: setPasswordEndpoint }),
  person("/login/confirm/passkey", { POST: confirmByPasskeyEndpoint }),
  person("/consent/decide", { POST: decideEndpoint }),
  person("/logout", { POST: signOutEndpoint }),
  person("/join/accept", { POST: acceptEndpoint }),
  person("/join/create-account", { POST: createAccountEndpoint }),
  person("/company/switch", { POST: companySwitchEndpoint }),
];

const exact = new Map(
  endpoints.filter(({ path }) => !path.endsWith("/:id")).map((entry) => [entry.path, entry]),
);
const byPrefix = new Map(
  endpoints
    .filter(({ path }) => path.endsWith("/:id"))
    .map((entry) => [entry.path.slice(0, -"/:id".length), entry]),
);

/** The entry that serves a path, and the path's `:id`. */
export function findEndpoint(path: string): { entry: EndpointEntry; id: string } | null {
  const entry = exact.get(path);
  if (entry) return { entry, id: "" };
  const slash = path.lastIndexOf("/");
  const id = path.slice(slash + 1);
  const withId = id === "" ? undefined : byPrefix.get(path.slice(0, slash));
  return withId ? { entry: withId, id } : null;
}
