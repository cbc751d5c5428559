/** Endpoints on node:http: the fast lane in front of Next. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { OAuthError } from "../oauth/errors";
import type { EndpointResponse } from "../oauth/message";
import { connectionsFirst } from "./accepting";
import { addressOf } from "./address";
import { answer } from "./answer";
import { backSoon } from "./back-soon";
import { findEndpoint } from "./endpoints";
import { type Lane, type Lanes, laneOf, OVERLOADED, processLanes } from "./lanes";
import { metrics } from "./metrics";
import type { Runtime } from "./runtime";

/**
 * Answers the request if the table has its path.
 * @param lanes others than the process's, for tests
 * @returns false when it is somebody else's
 */
export async function serveFastLane(
  rt: Runtime,
  req: IncomingMessage,
  res: ServerResponse,
  lanes: Lanes = processLanes,
): Promise<boolean> {
  const url = req.url ?? "/";
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const found = findEndpoint(path);
  if (!found) return false;
  const lane = laneOf(lanes, found.entry);
  const letIn = connectionsFirst();
  if (letIn) await letIn;
  if (lane.isFull) {
    lane.turnAway(found.entry.path, res);
    return true;
  }
  const headers = singleHeaders(req.headers);
  let response: EndpointResponse;
  lane.enter();
  try {
    response = await answer(rt, found, {
      method: req.method ?? "GET",
      path,
      query: mark < 0 ? "" : url.slice(mark + 1),
      headers,
      address: addressOf(req.socket.remoteAddress, headers["x-forwarded-for"], rt.env.trustProxy),
      readBody: (limit) => readBeside(lane, req, limit),
    });
  } finally {
    lane.leave();
  }
  metrics.answered(found.entry.path, response.status);
  // RFC 9110 §8.6: no Content-Length with a 204.
  if (response.status !== 204) response.headers["content-length"] = String(Buffer.byteLength(response.body));
  res.writeHead(response.status, response.headers);
  res.end(req.method === "HEAD" ? undefined : response.body);
  return true;
}

type SingleHeaders = Readonly<Record<string, string | undefined>>;

/** Node joins repeated headers except this one, which it keeps as a list; a request has no use for it. */
function singleHeaders(headers: IncomingHttpHeaders): SingleHeaders {
  if (areSingle(headers)) return headers;
  const { "set-cookie": _, ...others } = headers;
  return singleHeaders(others);
}

function areSingle(headers: IncomingHttpHeaders): headers is IncomingHttpHeaders & SingleHeaders {
  return headers["set-cookie"] === undefined;
}

/** Whose body comes slowly takes nobody's place meanwhile. @throws OAuthError when there is none left after it has come */
async function readBeside(lane: Lane, req: IncomingMessage, limit: number): Promise<Uint8Array | null> {
  lane.leave();
  let body: Uint8Array | null;
  try {
    body = await readBody(req, limit);
  } finally {
    lane.enter();
  }
  if (lane.isOverfull) throw backSoon(OVERLOADED);
  return body;
}

/** Its end is at most the server's `requestTimeout` away. */
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
    req.on("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    // Nobody is left to read the answer; it is not a failure of ours.
    req.on("error", () => reject(new OAuthError("invalid_request", "the request body ended early")));
  });
}
