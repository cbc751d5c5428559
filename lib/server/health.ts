/** Is the process up, and can it serve? */
import { isMigrated } from "../db/migrate";
import { type EndpointResponse, json } from "../oauth/message";
import { noteFailure } from "./outage";
import type { Runtime } from "./runtime";

/** GET /healthz: the process answers. */
export async function healthz(): Promise<EndpointResponse> {
  return json(200, { status: "ok" });
}

/** GET /readyz: the database answers and its migrations are applied. */
export async function readyz(rt: Runtime): Promise<EndpointResponse> {
  try {
    if (await isMigrated(rt.db, rt.migrations)) return json(200, { status: "ready" });
  } catch (error) {
    noteFailure(rt, error, "the migrations could not be looked up");
  }
  return json(503, { status: "not ready" }, { "retry-after": "5" });
}
