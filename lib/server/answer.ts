/** Runs an endpoint: method, body limit, errors, and the headers every answer carries. */
import { limits } from "../../latchkey.config";
import { OAuthError } from "../oauth/errors";
import type { EndpointRequest, EndpointResponse } from "../oauth/message";
import { randomId } from "../oauth/tokens";
import type { EndpointEntry } from "./endpoints";
import { keepEvidence, refusalAsJson, refusalAsPage, toOAuthError } from "./refusal";
import type { Runtime } from "./runtime";
import { answerHeaders } from "./security-headers";

/** What an adapter hands over; the body is read only when the method wants one. */
export interface IncomingCall extends Omit<EndpointRequest, "body" | "requestId"> {
  /** @returns null when the body is longer than `limit` bytes */
  readBody(limit: number): Promise<Uint8Array | null>;
}

const EMPTY = new Uint8Array();

/** Answers a call to an endpoint. Never throws. */
export async function answer(
  rt: Runtime,
  { entry, id }: { entry: EndpointEntry; id: string },
  call: IncomingCall,
): Promise<EndpointResponse> {
  const requestId = randomId(16, rt.as.random);
  const { path, query, headers, address } = call;
  const request: EndpointRequest = {
    method: call.method,
    path,
    query,
    headers,
    body: EMPTY,
    address,
    requestId,
  };
  let response: EndpointResponse;
  try {
    const method = call.method === "HEAD" ? "GET" : call.method;
    const endpoint = Object.hasOwn(entry.methods, method) ? entry.methods[method] : undefined;
    if (!endpoint) throw methodNotAllowed(entry);
    if (method !== "GET" && method !== "DELETE") request.body = await bodyOf(call);
    response = await endpoint(rt, request, id);
  } catch (thrown) {
    const error = toOAuthError(rt, request, thrown);
    if (error.code === "invalid_client")
      await rt.clientLimits.failed(request.address, error.options.evidence?.client_id);
    await keepEvidence(rt, request, error);
    response = entry.audience === "machine" ? refusalAsJson(error) : refusalAsPage(request, error);
  }
  const { status, body } = response;
  const own = response.headers;
  return { status, headers: { "x-request-id": requestId, ...answerHeaders(rt.env.issuer), ...own }, body };
}

function methodNotAllowed(entry: EndpointEntry): OAuthError {
  const allowed = Object.keys(entry.methods);
  return new OAuthError("invalid_request", `the method must be ${allowed.join(" or ")}`, {
    status: 405,
    headers: { allow: [...allowed, ...(allowed.includes("GET") ? ["HEAD"] : [])].join(", ") },
  });
}

async function bodyOf(call: IncomingCall): Promise<Uint8Array> {
  const body = await call.readBody(limits.formBytes);
  if (body) return body;
  // What is left of the body is not read, so the connection cannot be used again.
  throw new OAuthError("invalid_request", `the request body is longer than ${limits.formBytes} bytes`, {
    status: 413,
    headers: { connection: "close" },
  });
}
