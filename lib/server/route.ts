/** Endpoints as Next route handlers, for hosts where Next owns the server. */
import type { NextRequest } from "next/server";
import { answer } from "./answer";
import { endpoints } from "./endpoints";
import { runtime } from "./runtime";

type RouteHandler = (
  request: NextRequest,
  context: { params: Promise<{ id?: string }> },
) => Promise<Response>;

/**
 * The handler of one path of the endpoint table; export it under every method, so that a wrong one is answered by the
 * endpoint's own 405.
 */
export function route(path: string): RouteHandler {
  const entry = endpoints.find((candidate) => candidate.path === path);
  if (!entry) throw new Error(`no endpoint ${path}`);
  return async (request, { params }) => {
    const { id = "" } = await params;
    const response = await answer(
      runtime(),
      { entry, id },
      {
        method: request.method,
        path: request.nextUrl.pathname,
        query: request.nextUrl.search.slice(1),
        headers: Object.fromEntries(request.headers),
        // Next does not hand the socket on.
        address: "",
        readBody: (limit) => readBody(request, limit),
      },
    );
    const headers = new Headers();
    for (const [name, value] of Object.entries(response.headers))
      for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one);
    const empty = response.status === 204 || request.method === "HEAD";
    return new Response(empty ? null : new Blob([new Uint8Array(Buffer.from(response.body))]).stream(), {
      status: response.status,
      headers,
    });
  };
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
