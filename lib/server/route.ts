/** Endpoints as Next route handlers, for hosts where Next owns the server. */
import type { NextRequest } from "next/server";
import { addressOf } from "./address";
import { answer } from "./answer";
import { findEndpoint } from "./endpoints";
import { runtime } from "./runtime";

/** Answers by the endpoint table. A route exports it under every method, so that a wrong one gets the table's 405. */
export async function serve(request: NextRequest): Promise<Response> {
  const { pathname, search } = request.nextUrl;
  const found = findEndpoint(pathname);
  if (!found) throw new Error(`${pathname} is a route, but not in the endpoint table`);
  const response = await answer(runtime(), found, {
    method: request.method,
    path: pathname,
    query: search.slice(1),
    headers: Object.fromEntries(request.headers),
    // Next does not hand the socket on, only what a proxy says.
    address: addressOf("", request.headers.get("x-forwarded-for") ?? undefined, runtime().env.trustProxy),
    readBody: (limit) => readBody(request, limit),
  });
  const headers = new Headers();
  for (const [name, value] of Object.entries(response.headers))
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one);
  const empty = response.status === 204 || request.method === "HEAD";
  return new Response(empty ? null : Buffer.from(response.body), { status: response.status, headers });
}

async function readBody(request: Request, limit: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    length += part.value.length;
    if (length > limit) {
      await reader?.cancel();
      return null;
    }
    chunks.push(part.value);
  }
  return Buffer.concat(chunks);
}
