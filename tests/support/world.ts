/** An authorization server in memory, with a clock that stands still until it is moved. */
import { createHash, randomBytes } from "node:crypto";
import { apis, scopes } from "../../latchkey.config";
import { allow, findPending } from "../../lib/oauth/consent";
import { authorize } from "../../lib/oauth/endpoints/authorize";
import { token } from "../../lib/oauth/endpoints/token";
import { OAuthError } from "../../lib/oauth/errors";
import type { EndpointRequest, EndpointResponse } from "../../lib/oauth/message";
import { encodeParams } from "../../lib/oauth/params";
import { heldScopes } from "../../lib/oauth/scope";
import type { AuthorizationServer } from "../../lib/oauth/server";
import type { Trait } from "../../lib/oauth/switches";
import type { Random } from "../../lib/oauth/tokens";
import { callback, type Facts, type TestApp } from "./facts";
import { memoryFacts } from "./memory/facts";
import { MemoryStore } from "./memory-store";

export const issuer = "https://id.example";
export const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/** RFC 7636 appendix B. */
export const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

export interface Clock {
  now(): Date;
  /** Moves on by so many seconds. */
  forward(seconds: number): void;
}

export function createClock(start = "2026-01-01T00:00:00.000Z"): Clock {
  let at = Date.parse(start);
  return {
    now: () => new Date(at),
    forward: (seconds) => {
      at += seconds * 1000;
    },
  };
}

/** Dice that always fall the same way. */
export function loadedDice(seed: string): Random {
  let count = 0;
  return (bytes) => {
    const blocks: Buffer[] = [];
    for (let length = 0; length < bytes; length += 32)
      blocks.push(createHash("sha256").update(`${seed} ${count++}`).digest());
    return Buffer.concat(blocks).subarray(0, bytes);
  };
}

export interface World {
  clock: Clock;
  store: MemoryStore;
  facts: Facts;
  as: AuthorizationServer;
  /** Service accounts that may try the password grant, by username. */
  accounts: Map<string, { password: string; userId: string }>;
  /** What the server heard of requests that succeeded. */
  observed: { client_id: string; traits: readonly Trait[] }[];
  /** The redirect URIs it heard of, of apps that registered a domain. */
  redirects: { client_id: string; redirect_uri: string }[];
  /** What it counted: client, endpoint and grant. */
  succeeded: [client_id: string, endpoint: string, grant_type: string][];
}

export function createWorld(random: Random = (bytes) => randomBytes(bytes)): World {
  const clock = createClock();
  const store = new MemoryStore(clock.now);
  const accounts: World["accounts"] = new Map();
  const observed: World["observed"] = [];
  const redirects: World["redirects"] = [];
  const succeeded: World["succeeded"] = [];
  const as: AuthorizationServer = {
    issuer,
    store,
    now: clock.now,
    random,
    scopes,
    apis,
    credentialPrefix: "",
    authorizationRequestSeconds: 1800,
    refreshReplaySeconds: 30,
    checkServiceAccount: async ({ username, password }) => {
      const account = accounts.get(username);
      return account?.password === password ? { userId: account.userId } : { refused: "wrong" };
    },
    observe: (client_id, traits) => void observed.push({ client_id, traits }),
    succeeded: (...counted) => void succeeded.push(counted),
    observeRedirect: (client_id, redirect_uri) => void redirects.push({ client_id, redirect_uri }),
  };
  return { clock, store, facts: memoryFacts(store, random), as, accounts, observed, redirects, succeeded };
}

export type Fields = Record<string, string | undefined>;

/** Form-encodes the fields that have a value. */
export function encode(fields: Fields): string {
  return encodeParams(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** HTTP Basic as RFC 6749 §2.3.1 says. */
export function basic({ client_id, secret }: TestApp): string {
  const encoded = [client_id, secret].map(encodeURIComponent).join(":");
  return `Basic ${Buffer.from(encoded).toString("base64")}`;
}

/** A posted form. */
export function post(fields: Fields | string, headers: Record<string, string> = {}): EndpointRequest {
  return {
    method: "POST",
    path: "/",
    query: "",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: Buffer.from(typeof fields === "string" ? fields : encode(fields)),
    address: "127.0.0.1",
    requestId: "request",
  };
}

/** What a correct client of today asks. */
export function authorizeFields({ client_id }: TestApp, changes: Fields = {}): Fields {
  return {
    response_type: "code",
    client_id,
    redirect_uri: callback,
    state: "af0ifjsldkj",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...changes,
  };
}

/** What the same client sends for its code. */
export function exchangeFields(code: string, changes: Fields = {}): Fields {
  return {
    grant_type: "authorization_code",
    code,
    redirect_uri: callback,
    code_verifier: verifier,
    ...changes,
  };
}

/** Walks to a code: asks, and the user allows. */
export async function codeFor(
  { as }: Pick<World, "as">,
  app: TestApp,
  userId: string,
  { companyId = null, ...changes }: Fields & { companyId?: string | null } = {},
): Promise<string> {
  const result = await authorize(as, encode(authorizeFields(app, changes)));
  if (result.outcome !== "stored") throw result.error;
  const pending = await findPending(as, result.request.id);
  const companyIds = companyId === null ? [] : [companyId];
  const approver = { userId, companyIds, scopes: heldScopes(as.scopes, { isAdmin: false }) };
  const location = pending && (await allow(as, pending, approver, companyId, null));
  const code = new URL(location ?? "about:blank").searchParams.get("code");
  if (!code) throw new Error(`no code in ${location}`);
  return code;
}

/** Walks to a token. */
export async function tokenFor(
  world: Pick<World, "as">,
  app: TestApp,
  userId: string,
  changes: Fields & { companyId?: string | null } = {},
): Promise<string> {
  const code = await codeFor(world, app, userId, changes);
  const response = await token(world.as, post(exchangeFields(code), { authorization: basic(app) }));
  return jsonOf(response).access_token;
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads what came back and says itself what it expects
export function jsonOf(response: EndpointResponse): any {
  return JSON.parse(String(response.body));
}

/** The refusal an endpoint answers with; fails when it does not refuse. */
export async function refusalOf(answer: Promise<unknown>): Promise<OAuthError> {
  const thrown: unknown = await answer.then(
    () => null,
    (error) => error,
  );
  if (thrown instanceof OAuthError) return thrown;
  throw new Error(`expected a refusal, got ${thrown ?? "an answer"}`);
}
