/** GET /metrics: the figures, for whoever runs this installation and for nobody else. */
import { createHash, timingSafeEqual } from "node:crypto";
import { OAuthError } from "../oauth/errors";
import type { EndpointRequest, EndpointResponse } from "../oauth/message";
import { scrape } from "./cluster-metrics";
import { registry } from "./metrics";
import type { Runtime } from "./runtime";

/** What a proxy adds: its caller is somewhere else, whatever address the connection has. */
const FORWARDED = [
  "forwarded",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
];
const LOOPBACK = /^(::ffff:)?127\.|^::1$/;
/** A page of somebody's, whose name was made to point here, is not a caller on this machine. */
const LOOPBACK_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

/** Answers callers on this machine, and those who know METRICS_TOKEN; for everybody else there is nothing here. */
export async function metricsEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  if (!isLocal(request) && !knowsToken(rt, request))
    throw new OAuthError("invalid_request", "there is nothing here", { status: 404 });
  return {
    status: 200,
    headers: { "content-type": registry.contentType, "cache-control": "no-store" },
    body: await scrape(),
  };
}

function isLocal({ address, headers }: EndpointRequest): boolean {
  return (
    LOOPBACK.test(address) &&
    LOOPBACK_HOST.test(headers.host ?? "") &&
    FORWARDED.every((name) => headers[name] === undefined)
  );
}

function knowsToken({ env }: Runtime, { headers }: EndpointRequest): boolean {
  const [, sent] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  if (env.metricsToken === undefined || sent === undefined) return false;
  return timingSafeEqual(digest(env.metricsToken), digest(sent));
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
