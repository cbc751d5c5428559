/**
 * What an app's maintainers can read of its requests: counts of all of them, and the refused ones one by one, so many an
 * app and a minute. Beyond that they are only counted: a flood costs no more than a trickle.
 */
import { apis } from "../../latchkey.config";
import type { Database } from "../db/database";
import { logRefusal, summaryOf } from "../db/refusals";
import { OK, RequestCounts } from "../db/request-counts";
import { presentedClientIfAny } from "../oauth/authenticate";
import type { Evidence, OAuthError } from "../oauth/errors";
import { readForm } from "../oauth/form";
import { grants } from "../oauth/grants/index";
import type { EndpointRequest } from "../oauth/message";
import type { Params } from "../oauth/params";

/** Refusals kept one by one, of an app in a minute. */
export const KEPT_A_MINUTE = 30;
/** Apps remembered in a minute; whoever makes up more client IDs than that begins anew. */
const REMEMBERED = 20_000;
const MINUTE_MS = 60_000;

/** The machine endpoints whose refusals concern an app even where it has not authenticated. */
const OAUTH_PATHS = ["/oauth/token", "/oauth/introspect", "/oauth/revoke"];

export interface RequestTrail {
  /** Counts a request that was answered as asked. */
  succeeded(client_id: string, endpoint: string, grantType: string): void;
  /** Counts a refusal, and keeps it if there is room. */
  refused(request: EndpointRequest, error: string, evidence: Evidence): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** @param onError hears of a failed write of counts */
export function createRequestTrail(db: Database, onError: (error: unknown) => void): RequestTrail {
  const counts = new RequestCounts(db, onError);
  /** By client_id: how many were kept in this minute, and whether there is such an app. */
  const kept = new Map<string, { count: number; isKnown: boolean }>();
  let minute = 0;

  const seen = (client_id: string) => {
    const now = Math.floor(db.now().getTime() / MINUTE_MS);
    if (now !== minute || kept.size >= REMEMBERED) kept.clear();
    minute = now;
    const entry = kept.get(client_id) ?? { count: 0, isKnown: false };
    kept.set(client_id, entry);
    return entry;
  };

  return {
    succeeded: (client_id, endpoint, grantType) => counts.note(client_id, endpoint, grantType, OK),

    async refused(request, error, evidence) {
      const endpoint = endpointOf(request.path);
      const grantType = endpoint === "/oauth/token" ? grantTypeOf(request) : "";
      const entry = seen(evidence.client_id);
      entry.count += 1;
      if (entry.count <= KEPT_A_MINUTE) {
        const { requestId } = request;
        const refusal = { requestId, endpoint, grantType, error, caller: request };
        // Only an app that is there is counted: client IDs that somebody made up take no room.
        if (await logRefusal(db, refusal, evidence)) entry.isKnown = true;
      }
      if (entry.isKnown) counts.note(evidence.client_id, endpoint, grantType, error, summaryOf(evidence));
    },

    flush: () => counts.flush(),
    close: () => counts.close(),
  };
}

/** What a request is counted under: an API by its root, and what a person goes through by where it began. */
function endpointOf(path: string): string {
  const api = Object.values(apis).find((entry) => path.startsWith(`${entry.path}/`));
  if (api) return api.path;
  return OAUTH_PATHS.includes(path) ? path : "/oauth/authorize";
}

function grantTypeOf(request: EndpointRequest): string {
  const named = formOf(request)?.get("grant_type");
  return grants.find(({ grant_type }) => grant_type === named)?.grant_type ?? "";
}

function formOf(request: EndpointRequest): Params | null {
  try {
    return readForm(request);
  } catch {
    return null;
  }
}

/**
 * What is known of a refusal that names nobody: the client that the request named, and the sentence its caller got.
 * Null where there is no such client, and where it was not the request that was wrong.
 */
export function evidenceOf(request: EndpointRequest, error: OAuthError): Evidence | null {
  if (error.options.evidence) return error.options.evidence;
  if (error.status >= 500 || error.status === 429 || !OAUTH_PATHS.includes(request.path)) return null;
  const client_id = clientNamed(request);
  return client_id === null ? null : { client_id, reason: `${error.message}.`, summary: commonPart(error) };
}

/** Of a sentence that repeats something, what does not. */
function commonPart({ code, message }: OAuthError): string {
  return code === "unsupported_grant_type" ? "grant_type is none that can be used here." : `${message}.`;
}

function clientNamed(request: EndpointRequest): string | null {
  const form = formOf(request);
  if (!form) return null;
  try {
    return presentedClientIfAny(request, form)?.client_id ?? null;
  } catch {
    return form.get("client_id") ?? null;
  }
}
