/** What stands in front of every API call: the token, its audience and scope, how often it calls, and its plan. */
import { apis } from "../../../latchkey.config";
import type { Company } from "../../db/bearer-tokens";
import { deathOf } from "../../oauth/bearer";
import type { Evidence } from "../../oauth/errors";
import { type EndpointRequest, type EndpointResponse, json } from "../../oauth/message";
import type { Refusal } from "../../sdk/protect";
import { noteFailure } from "../outage";
import type { Runtime } from "../runtime";
import { failure } from "./answers";
import type { Api, CheckedToken, Presenting } from "./bearer";
import { carriesCredentials } from "./stray-credentials";

/** A request that passed the guard. */
export interface Call {
  token: CheckedToken;
  request: EndpointRequest;
  /** The `:id` of the path. */
  id: string;
}

/** A call of the public API, with the companies it reaches: those of the token whose plan includes the API. */
export interface PublicCall extends Call {
  companies: Company[];
  companyIds: string[];
}

type Handler<OneCall extends Call> = (rt: Runtime, call: OneCall) => Promise<EndpointResponse>;
export type ApiEndpoint = (rt: Runtime, request: EndpointRequest, id: string) => Promise<EndpointResponse>;

const STRAY =
  "send a token as Authorization: Bearer and nowhere else; a client secret is for the token endpoint";

/**
 * Puts the token check and the rate limits around a handler.
 * @param scope undefined: any token for this API will do
 */
export function guarded(api: Api, scope: string | undefined, handler: Handler<Call>): ApiEndpoint {
  return async (rt, request, id) => {
    const presenting: Presenting = { caller: request, dead: null };
    const isStray = carriesCredentials(request);
    const authorization = isStray ? undefined : request.headers.authorization;
    const verdict = await rt.guards[api](authorization, scope, request.address, presenting);
    if (verdict.token === undefined) {
      const { dead } = presenting;
      const { error } = verdict.refusal.body;
      if (dead) await keepRefusal(rt, request, dead.client_id, error, deathOf(dead, rt.as.now()));
      return refused(verdict.refusal, isStray ? STRAY : undefined);
    }

    // Only calls with a good token are counted: nobody can use up what is another's.
    const { hash, client_id, scope: held } = verdict.token;
    const counted = await rt.rateLimits.count(hash, client_id);
    const answer = async () => {
      if (!counted.allowed) {
        await keepRefusal(rt, request, client_id, "rate_limited", "The token or its app called too often.");
        return failure(429, "rate_limited", `too many calls; try again in ${counted.resetSeconds} seconds`);
      }
      if (!verdict.allowed) {
        const { error, error_description } = verdict.refusal.body;
        const compared = { received: { scope: held }, registered: { scope: `${scope} is needed` } };
        await keepRefusal(rt, request, client_id, error, `${error_description}.`, compared);
        return refused(verdict.refusal);
      }
      const answered = await handler(rt, { token: verdict.token, request, id });
      if (client_id !== undefined && answered.status < 400) rt.trail.succeeded(client_id, apis[api].path, "");
      return answered;
    };
    const response = await answer();
    Object.assign(response.headers, counted.headers);
    return response;
  };
}

/** Keeps what the app's maintainers may see of a refused call. Failing to keep it never changes the answer. */
async function keepRefusal(
  rt: Runtime,
  request: EndpointRequest,
  client_id: string | null | undefined,
  error: string,
  reason: string,
  compared: Pick<Evidence, "received" | "registered"> = {},
): Promise<void> {
  if (!client_id) return;
  const received = { request: `${request.method} ${request.path}`, ...compared.received };
  try {
    await rt.trail.refused(request, error, { client_id, reason, ...compared, received });
  } catch (failed) {
    noteFailure(rt, failed, "a refusal could not be kept");
  }
}

/** Guards a call of the public API, which is about companies: it needs one whose plan includes the API. */
export function publicCall(scope: string | undefined, handler: Handler<PublicCall>): ApiEndpoint {
  return guarded("public", scope, async (rt, call) => {
    const wanted = call.token.company_ids ?? [];
    const companies = call.token.companies.filter(({ apiAccess }) => apiAccess);
    if (wanted.length > 0 && companies.length === 0) {
      await keepRefusal(rt, call.request, call.token.client_id, "access_denied", `${noPlan(wanted)}.`);
      return failure(403, "access_denied", noPlan(wanted));
    }
    return handler(rt, Object.assign(call, { companies, companyIds: companies.map(({ id }) => id) }));
  });
}

function noPlan({ length }: readonly string[]): string {
  const whose = length === 1 ? "the plan of this company does" : "the plans of these companies do";
  return `${whose} not include API access`;
}

function refused({ status, body, headers }: Refusal, error_description = body.error_description) {
  return json(status, { ...body, error_description }, headers);
}
