/** The sample API: a resource server guarded by lib/sdk as anyone else's would be. */
import { z } from "zod";
import { brand } from "../../latchkey.config";
import { type Company, findCompany } from "../db/companies";
import {
  createProject,
  deleteProject,
  findProject,
  listProjects,
  type Project,
  renameProject,
} from "../db/projects";
import { introspectBearer } from "../oauth/bearer";
import { type EndpointRequest, type EndpointResponse, json, mediaType } from "../oauth/message";
import type { ActiveToken } from "../sdk/introspect";
import { createGuard } from "../sdk/protect";
import type { Runtime } from "./runtime";

/** A request that passed the guard. */
interface Call {
  token: ActiveToken;
  /** The company the token reaches, if it stands for one. */
  company: Company | null;
  companyIds: string[];
  /** The `:id` of the path. */
  id: string;
}

type Handler = (rt: Runtime, call: Call, request: EndpointRequest) => Promise<EndpointResponse>;
type ApiEndpoint = (rt: Runtime, request: EndpointRequest, id: string) => Promise<EndpointResponse>;

/** Puts the guard, the plan check and the API's error form around a handler. */
function guarded(scope: string | undefined, handler: Handler): ApiEndpoint {
  return async (rt, request, id) => {
    // The token store is in this process, so the guard asks it directly; elsewhere it is introspectionClient().
    const guard = createGuard({ introspect: (token) => introspectBearer(rt.as, token), realm: brand.name });
    const verdict = await guard(request.headers.authorization, scope);
    if (!verdict.allowed) return json(verdict.refusal.status, verdict.refusal.body, verdict.refusal.headers);
    const { token } = verdict;
    const company = token.company_id === undefined ? null : await findCompany(rt.db, token.company_id);
    if (company && !company.apiAccess)
      return failure(403, "access_denied", "the plan of this company does not include API access");
    return handler(rt, { token, company, companyIds: company ? [company.id] : [], id }, request);
  };
}

export const me = guarded(undefined, async (_rt, { token, company }) =>
  json(200, {
    type: token.username === undefined ? "company" : "user",
    id: token.sub,
    ...(token.username !== undefined && { email: token.username }),
    workspace: company && { id: company.id, name: company.name },
    scopes: token.scope.split(" "),
  }),
);

export const workspaces = guarded("read", async (_rt, { company }) =>
  json(200, { workspaces: company ? [{ id: company.id, name: company.name }] : [] }),
);

export const projects = guarded("read", async (rt, { companyIds }) =>
  json(200, { projects: (await listProjects(rt.db, companyIds)).map(toWire) }),
);

export const project = guarded("read", async (rt, { companyIds, id }) => {
  const found = await findProject(rt.db, companyIds, id);
  return found ? json(200, toWire(found)) : notFound("project");
});

const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]*$/u);
const newProject = z.strictObject({ name, workspace_id: z.string().min(1).max(64) });
const changedProject = z.strictObject({ name });

export const addProject = guarded("write", async (rt, { companyIds }, request) => {
  const body = readJson(request, newProject);
  if (!body)
    return failure(400, "invalid_request", "the body must be JSON: name (1 to 100 characters), workspace_id");
  if (!companyIds.includes(body.workspace_id)) return notFound("workspace");
  const created = await createProject(rt.db, body.workspace_id, body.name);
  return json(201, toWire(created), { location: `/public/v1/projects/${created.id}` });
});

export const editProject = guarded("write", async (rt, { companyIds, id }, request) => {
  const body = readJson(request, changedProject);
  if (!body) return failure(400, "invalid_request", "the body must be JSON: name (1 to 100 characters)");
  const changed = await renameProject(rt.db, companyIds, id, body.name);
  return changed ? json(200, toWire(changed)) : notFound("project");
});

export const removeProject = guarded("write", async (rt, { companyIds, id }) =>
  (await deleteProject(rt.db, companyIds, id))
    ? { status: 204, headers: { "cache-control": "no-store" }, body: "" }
    : notFound("project"),
);

function toWire({ id, name, companyId, createdAt, updatedAt }: Project) {
  return {
    id,
    name,
    workspace_id: companyId,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  };
}

/** The body by its schema; null for another content type, for what is not JSON, and for what does not fit. */
function readJson<Schema extends z.ZodType>(
  request: EndpointRequest,
  schema: Schema,
): z.infer<Schema> | null {
  if (mediaType(request) !== "application/json") return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(request.body);
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function failure(status: number, error: string, error_description: string): EndpointResponse {
  return json(status, { error, error_description });
}

function notFound(what: string): EndpointResponse {
  return failure(404, "not_found", `no such ${what}, or the token does not reach it`);
}
