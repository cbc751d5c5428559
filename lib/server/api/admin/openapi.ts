/** The description of the administration API (OpenAPI 3.1), made of the schemas that read and answer its requests. */
import { z } from "zod";
import { apis, brand, rateLimits } from "../../../../latchkey.config";
import { json } from "../../../oauth/message";
import type { Endpoint } from "../../endpoints";
import type { Operation } from "./operation";

const JSON_TYPE = "application/json";

const errorSchema = z.object({ error: z.string(), error_description: z.string() });

/** What every operation may answer beside its own. */
const refusals: Record<string, string> = {
  400: "The request is not what it should be.",
  401: "No token, or one that is expired, revoked, unknown, or for another API; see WWW-Authenticate (RFC 6750).",
  403: "The token lacks the scope `admin`.",
  429: `More than ${rateLimits.token.requests} requests of one token a minute, or ${rateLimits.app.requests} of one app; see Retry-After.`,
  500: "Our fault; the answer has a request id.",
  503: "The server cannot answer right now; see Retry-After.",
};
const ownRefusals = {
  404: "Nothing is there under this id.",
  409: "What was asked for does not fit what is there.",
};

/** @param issuer the server's address */
export function describeApi(operations: readonly Operation[], issuer: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = operation.path.replace(":id", "{id}");
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describeOperation(operation) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: `${brand.name} ${apis.administration.title}`,
      version: "1",
      description:
        "The same as the administration's pages. Lists are read page by page: `next` is the `after` of the next page.",
    },
    servers: [{ url: issuer }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description: "An administrator's token with the scope `admin`.",
        },
      },
      schemas: { Error: schemaOf(errorSchema, "output") },
    },
  };
}

function describeOperation({
  operationId,
  summary,
  description,
  path,
  query,
  body,
  success,
  refuses,
}: Operation) {
  const responses: Record<string, unknown> = {};
  responses[success.status] = {
    description: "Done.",
    ...("answer" in success && { content: { [JSON_TYPE]: { schema: schemaOf(success.answer, "output") } } }),
  };
  for (const [status, words] of Object.entries(refusals)) responses[status] = refusal(words);
  for (const status of refuses) responses[status] = refusal(ownRefusals[status]);
  const parameters = [
    ...(path.includes(":id") ? [idParameter] : []),
    ...(query ? queryParameters(query) : []),
  ];
  return {
    operationId,
    summary,
    ...(description && { description }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true, content: { [JSON_TYPE]: { schema: schemaOf(body, "input") } } },
    }),
    responses,
  };
}

const idParameter = { name: "id", in: "path", required: true, schema: { type: "string" } };

function refusal(description: string) {
  return { description, content: { [JSON_TYPE]: { schema: { $ref: "#/components/schemas/Error" } } } };
}

const objectSchema = z.object({
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  required: z.array(z.string()).default([]),
});

function queryParameters(query: z.ZodType) {
  const { properties, required } = objectSchema.parse(schemaOf(query, "input"));
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    ...{ name, in: "query", required: required.includes(name), schema },
    ...(description !== undefined && { description }),
  }));
}

/** OpenAPI 3.1 schemas are JSON Schema 2020-12. */
function schemaOf(schema: z.ZodType, io: "input" | "output"): Record<string, unknown> {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io, target: "draft-2020-12" });
  return described;
}

/** GET /admin/v1/openapi.json: for anybody, since it says nothing about what is here. */
export function openApiEndpoint(operations: readonly Operation[]): Endpoint {
  return async (rt) => ({
    ...json(200, describeApi(operations, rt.env.issuer)),
  });
}
