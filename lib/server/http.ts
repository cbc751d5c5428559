/** Endpoints on node:http: the fast lane in front of Next. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { OAuthError } from "../oauth/errors";
import { answer } from "./answer";
import { findEndpoint } from "./endpoints";
import type { Runtime } from "./runtime";

/** Answers the request if the table has its path. @returns false when it is somebody else's */
export async function serveFastLane(
  rt: Runtime,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<boolean> {
  const url = req.url ?? "/";
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const found = findEndpoint(path);
  if (!found) return false;
  const response = await answer(rt, found, {
    method: req.method ?? "GET",
    path,
    query: mark < 0 ? "" : url.slice(mark + 1),
    headers: singleHeaders(req),
    address: req.socket.remoteAddress ?? "",
    readBody: (limit) => readBody(req, limit),
  });
  const { body } = response;
  // RFC 9110 §8.6: no Content-Length with a 204.
  const length = response.status === 204 ? {} : { "content-length": Buffer.byteLength(body) };
  res.writeHead(response.status, { ...response.headers, ...length });
  res.end(req.method === "HEAD" ? undefined : body);
  return true;
}

/** Node joins repeated headers except the few it keeps as lists; those are of no use to an endpoint. */
function singleHeaders(req: IncomingMessage): Record<string, string | undefined> {
  const headers: Record<string, string | undefined> = Object.create(null);
  for (const [name, value] of Object.entries(req.headers))
    if (typeof value === "string") headers[name] = value;
  return headers;
}

function readBody(req: IncomingMessage, limit: number): Promise<Uint8Array | null> {
  if (Number(req.headers["content-length"] ?? 0) > limit) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    req.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) {
        req.pause();
        req.removeAllListeners("data");
        resolve(null);
      } else {
        chunks.push(chunk);
      }
    });
    req.on("end", () => resolve(Buffer.concat(chunks)));
    // Nobody is left to read the answer; it is not a failure of ours.
    req.on("error", () => reject(new OAuthError("invalid_request", "the request body ended early")));
  });
}
