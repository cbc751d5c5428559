/** What the APIs read and answer, apart from what each one is about. */
import type { z } from "zod";
import { type EndpointRequest, type EndpointResponse, json, mediaType } from "../../oauth/message";
import { decodeUtf8, parseParams } from "../../oauth/params";

export function failure(status: number, error: string, error_description: string): EndpointResponse {
  return json(status, { error, error_description });
}

export function notFound(what: string): EndpointResponse {
  return failure(404, "not_found", `no such ${what}, or the token does not reach it`);
}

/** The body by its schema; null for another content type, for what is not JSON, and for what does not fit. */
export function readJson<Schema extends z.ZodType>(
  request: EndpointRequest,
  schema: Schema,
): z.infer<Schema> | null {
  const text = mediaType(request) === "application/json" ? decodeUtf8(request.body) : null;
  if (text === null) return null;
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** The query by its schema; null for a parameter that was sent twice, and for what does not fit. */
export function readQuery<Schema extends z.ZodType>(
  { query }: EndpointRequest,
  schema: Schema,
): z.infer<Schema> | null {
  const parsed = parseParams(query);
  if ("problem" in parsed || parsed.repeated.size > 0) return null;
  return schema.safeParse(Object.fromEntries(parsed.params)).data ?? null;
}
