/** The projects of the sample API: always within the companies the token reaches. */
import { z } from "zod";
import { apis } from "../../../latchkey.config";
import {
  createProject,
  deleteProject,
  findProject,
  listProjects,
  type Project,
  renameProject,
} from "../../db/projects";
import { json } from "../../oauth/message";
import { failure, notFound, readJson } from "./answers";
import { publicCall } from "./guard";

const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]*$/u);
const newProject = z.strictObject({ name, workspace_id: z.string().min(1).max(64) });
const changedProject = z.strictObject({ name });

export const projects = publicCall("read", async (rt, { companyIds }) =>
  json(200, { projects: (await listProjects(rt.db, companyIds)).map(toWire) }),
);

export const project = publicCall("read", async (rt, { companyIds, id }) => {
  const found = await findProject(rt.db, companyIds, id);
  return found ? json(200, toWire(found)) : notFound("project");
});

export const addProject = publicCall("write", async (rt, { companyIds, request }) => {
  const body = readJson(request, newProject);
  if (!body)
    return failure(400, "invalid_request", "the body must be JSON: name (1 to 100 characters), workspace_id");
  if (!companyIds.includes(body.workspace_id)) return notFound("workspace");
  const created = await createProject(rt.db, body.workspace_id, body.name);
  return json(201, toWire(created), { location: `${apis.public.path}/projects/${created.id}` });
});

export const editProject = publicCall("write", async (rt, { companyIds, id, request }) => {
  const body = readJson(request, changedProject);
  if (!body) return failure(400, "invalid_request", "the body must be JSON: name (1 to 100 characters)");
  const changed = await renameProject(rt.db, companyIds, id, body.name);
  return changed ? json(200, toWire(changed)) : notFound("project");
});

export const removeProject = publicCall("write", async (rt, { companyIds, id }) =>
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
