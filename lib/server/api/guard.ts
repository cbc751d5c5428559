/** What stands in front of every API call: the token, its audience and scope, how often it calls, and its plan. */
import { apis, brand } from "../../../latchkey.config";
import { type Company, findCompanies } from "../../db/companies";
import { introspectBearer } from "../../oauth/bearer";
import { type EndpointRequest, type EndpointResponse, json } from "../../oauth/message";
import { hashCredential } from "../../oauth/tokens";
import { bearerToken } from "../../sdk/bearer";
import type { ActiveToken } from "../../sdk/introspect";
import { createGuard, type Refusal } from "../../sdk/protect";
import type { Runtime } from "../runtime";
import { failure } from "./answers";
import { carriesCredentials } from "./stray-credentials";

/** A request that passed the guard. */
export interface Call {
  token: ActiveToken;
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
export function guarded(
  api: keyof typeof apis,
  scope: string | undefined,
  handler: Handler<Call>,
): ApiEndpoint {
  return async (rt, request, id) => {
    const guard = createGuard({
      // The token store is in this process, so the guard asks it directly; elsewhere it is introspectionClient().
      introspect: (token) => introspectBearer(rt.as, token),
      realm: brand.name,
      audience: rt.as.issuer + apis[api].path,
    });
    const isStray = carriesCredentials(request);
    const authorization = isStray ? undefined : request.headers.authorization;
    const verdict = await guard(authorization, scope);
    if (verdict.token === undefined) return refused(verdict.refusal, isStray ? STRAY : undefined);

    // Only calls with a good token are counted: nobody can use up what is another's.
    const hash = hashCredential(bearerToken(authorization) ?? "");
    const counted = await rt.rateLimits.count(hash, verdict.token.client_id);
    const answer = async () => {
      if (!counted.allowed)
        return failure(429, "rate_limited", `too many calls; try again in ${counted.resetSeconds} seconds`);
      if (!verdict.allowed) return refused(verdict.refusal);
      return handler(rt, { token: verdict.token, request, id });
    };
    const response = await answer();
    return { ...response, headers: { ...response.headers, ...counted.headers } };
  };
}

/** Guards a call of the public API, which is about companies: it needs one whose plan includes the API. */
export function publicCall(scope: string | undefined, handler: Handler<PublicCall>): ApiEndpoint {
  return guarded("public", scope, async (rt, call) => {
    const wanted = call.token.company_ids ?? [];
    const companies = (await findCompanies(rt.db, wanted)).filter(({ apiAccess }) => apiAccess);
    if (wanted.length > 0 && companies.length === 0) return failure(403, "access_denied", noPlan(wanted));
    return handler(rt, { ...call, companies, companyIds: companies.map(({ id }) => id) });
  });
}

function noPlan({ length }: readonly string[]): string {
  const whose = length === 1 ? "the plan of this company does" : "the plans of these companies do";
  return `${whose} not include API access`;
}

function refused({ status, body, headers }: Refusal, error_description = body.error_description) {
  return json(status, { ...body, error_description }, headers);
}
