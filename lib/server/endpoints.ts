/**
 * The one table of endpoints that answer without Next. The server reads it in front of Next (the fast lane), and
 * `app/**\/route.ts` wrap the same entries for hosts where Next owns the server.
 */
import { introspect } from "../oauth/endpoints/introspect";
import { metadata } from "../oauth/endpoints/metadata";
import { revoke } from "../oauth/endpoints/revoke";
import { token } from "../oauth/endpoints/token";
import type { EndpointRequest, EndpointResponse } from "../oauth/message";
import { allApps } from "./api/admin";
import { administratorMe, me, workspaces } from "./api/me";
import { addProject, editProject, project, projects, removeProject } from "./api/projects";
import { limited } from "./client-limits";
import { healthz, readyz } from "./health";
import {
  authorizeEndpoint,
  continueEndpoint,
  decideEndpoint,
  signInEndpoint,
  signOutEndpoint,
} from "./interaction";
import { logo } from "./logos";
import { metricsEndpoint } from "./metrics-endpoint";
import type { Runtime } from "./runtime";

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
  machine("/.well-known/oauth-authorization-server", { GET: (rt) => metadata(rt.as) }),
  machine("/healthz", { GET: healthz }),
  machine("/readyz", { GET: readyz }),
  machine("/metrics", { GET: metricsEndpoint }),
  machine("/public/v1/me", { GET: me }),
  machine("/public/v1/workspaces", { GET: workspaces }),
  machine("/public/v1/projects", { GET: projects, POST: addProject }),
  machine("/public/v1/projects/:id", { GET: project, PATCH: editProject, DELETE: removeProject }),
  machine("/admin/v1/me", { GET: administratorMe }),
  machine("/admin/v1/apps", { GET: allApps }),
  machine("/logos/:id", { GET: logo }),
  person("/oauth/authorize", { GET: authorizeEndpoint, POST: authorizeEndpoint }),
  person("/oauth/authorize/continue", { GET: continueEndpoint }),
  person("/login/sign-in", { POST: signInEndpoint }),
  person("/consent/decide", { POST: decideEndpoint }),
  person("/logout", { POST: signOutEndpoint }),
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
