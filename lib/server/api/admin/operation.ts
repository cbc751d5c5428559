/**
 * One request of the administration API: what it takes and answers as zod schemas, and what it does. The endpoint, the
 * refusal of a malformed request and the OpenAPI description all come from it.
 */
import type { z } from "zod";
import { type EndpointResponse, json } from "../../../oauth/message";
import type { ActiveToken } from "../../../sdk/introspect";
import type { Runtime } from "../../runtime";
import { failure, notFound, readJson, readQuery } from "../answers";
import { type ApiEndpoint, guarded } from "../guard";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** What an operation is given once token, query and body have been read. */
export interface Asked<Query, Body> {
  /** The user the token acts for: an administrator, or the guard would have refused it. */
  adminId: string;
  token: ActiveToken;
  /** The `:id` of the path; "" where it has none. */
  id: string;
  query: Query;
  body: Body;
}

export type Outcome<Answer> =
  | { status: 200 | 201; answer: Answer }
  | { status: 204 }
  /** Nothing is there under this id. */
  | { status: 404; what: string }
  /** What was asked for does not fit what is there. */
  | { status: 409; why: string };

export interface Operation {
  method: Method;
  /** As the endpoint table has it, with `:id`. */
  path: string;
  /** Unique; what generated clients call it. */
  operationId: string;
  summary: string;
  description?: string;
  query?: z.ZodType;
  body?: z.ZodType;
  /** The status of its success, and the schema of its answer; none for 204. */
  success: { status: 200 | 201; answer: z.ZodType } | { status: 204 };
  /** Which refusals it may give beside those that every operation has. */
  refuses: readonly (404 | 409)[];
  endpoint: ApiEndpoint;
}

interface Definition<Query extends z.ZodType, Body extends z.ZodType, Answer extends z.ZodType>
  extends Omit<Operation, "endpoint" | "query" | "body" | "success" | "refuses"> {
  query?: Query;
  /** What the query may have, in words, for whoever sent another. */
  queryWords?: string;
  body?: Body;
  bodyWords?: string;
  success: { status: 200 | 201; answer: Answer } | { status: 204 };
  refuses?: readonly (404 | 409)[];
  run(rt: Runtime, asked: Asked<z.output<Query>, z.output<Body>>): Promise<Outcome<z.output<Answer>>>;
}

/** Makes an operation; its types hold its parts together. */
export function operation<
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodUndefined,
>(definition: Definition<Query, Body, Answer>): Operation {
  const { run, queryWords, bodyWords, refuses = [], ...described } = definition;
  const endpoint = guarded("administration", "admin", async (rt, { token, request, id }) => {
    const query = readPart(definition.query, (schema) => readQuery(request, schema));
    if (!query.ok) return malformed(`the query may have: ${queryWords ?? "nothing"}`);
    const body = readPart(definition.body, (schema) => readJson(request, schema));
    if (!body.ok) return malformed(`the body must be JSON with: ${bodyWords ?? "nothing"}`);
    return toResponse(await run(rt, { adminId: token.sub, token, id, query: query.value, body: body.value }));
  });
  return { ...described, refuses, endpoint };
}

type Part<Value> = { ok: true; value: Value } | { ok: false };

/** What there is no schema for is not read. */
function readPart<Schema extends z.ZodType>(
  schema: Schema | undefined,
  read: (schema: Schema) => z.output<Schema> | null,
): Part<z.output<Schema>> {
  if (schema === undefined) return { ok: true, value: undefined as z.output<Schema> };
  const value = read(schema);
  return value === null ? { ok: false } : { ok: true, value };
}

function malformed(words: string): EndpointResponse {
  return failure(400, "invalid_request", words);
}

function toResponse(outcome: Outcome<unknown>): EndpointResponse {
  switch (outcome.status) {
    case 204:
      return { status: 204, headers: { "cache-control": "no-store" }, body: "" };
    case 404:
      return notFound(outcome.what);
    case 409:
      return failure(409, "conflict", outcome.why);
    default:
      return json(outcome.status, outcome.answer);
  }
}

/** The rows of the endpoint table these operations are: one for each path, with its methods. */
export function endpointsOf(operations: readonly Operation[]): Map<string, Record<string, ApiEndpoint>> {
  const paths = new Map<string, Record<string, ApiEndpoint>>();
  for (const { path, method, endpoint } of operations)
    paths.set(path, { ...paths.get(path), [method]: endpoint });
  return paths;
}
