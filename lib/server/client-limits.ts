/**
 * Clients that fail to authenticate, or ask for tokens without end, are answered 429 for a while. Failures count for a
 * client from one address and for an address, never for a client alone, and whoever has the secret is served meanwhile:
 * a stranger can use up nobody's budget but their own.
 */
import type { RateLimit } from "../../latchkey.config";
import { presentedClientIfAny } from "../oauth/authenticate";
import { OAuthError } from "../oauth/errors";
import { readForm } from "../oauth/form";
import type { EndpointRequest } from "../oauth/message";
import type { AuthorizationServer } from "../oauth/server";
import { networkOf } from "./address";
import type { Endpoint } from "./endpoints";
import type { Log } from "./log";
import type { Redis } from "./redis";
import { createTally } from "./tally";

export type ClientLimitTable = Record<"clientFailures" | "addressFailures" | "issues", RateLimit>;

export interface ClientLimits {
  /** Is anybody over a limit? If nobody is, which is nearly always, a request is not looked at and costs nothing. */
  isWatching(): boolean;
  /** Lets a request pass. @throws OAuthError 429 for who is over a limit */
  admit(as: AuthorizationServer, request: EndpointRequest): Promise<void>;
  /** Counts a failed client authentication; never throws. @param client_id undefined where none was named */
  failed(address: string, client_id: string | undefined): Promise<void>;
  /** Hears that a client was issued something. In this process alone: it must take no time. */
  issued(client_id: string): void;
}

/** No `client_id` of ours is longer; what is, need not be kept whole to be counted. */
const keyLength = 64;

/** @param redis null: each process counts failures for itself */
export function createClientLimits(
  table: ClientLimitTable,
  redis: Redis | null,
  log: Pick<Log, "warn">,
): ClientLimits {
  const ofClient = failureTally("failures:client", table.clientFailures, redis);
  const ofAddress = failureTally("failures:address", table.addressFailures, redis);
  /** Until when, in milliseconds of the machine's clock. */
  const blocked = new Map<string, number>();
  const overBudget = new Map<string, number>();
  let issues = new Map<string, number>();
  let windowEnds = 0;

  const noteFailure = async (address: string, client_id: string | undefined) => {
    const network = networkOf(address);
    const { clientFailures, addressFailures } = table;
    const pair = client_id === undefined ? null : pairOf(network, client_id);
    const [pairIsFull, addressIsFull] = await Promise.all([
      pair !== null && ofClient.add(pair),
      ofAddress.add(network),
    ]);
    if (pair !== null && pairIsFull) hold(blocked, pair, clientFailures.seconds * 1000);
    if (addressIsFull) hold(blocked, network, addressFailures.seconds * 1000);
  };

  return {
    isWatching: () => blocked.size > 0 || overBudget.size > 0,

    async admit(as, request) {
      const params = readForm(request);
      const client = presentedClientIfAny(request, params);
      const network = networkOf(request.address);
      const over = client && overBudget.get(client.client_id);
      if (over) throw tooMany("too many token requests of this client", over);
      const until = Math.max(
        blocked.get(network) ?? 0,
        (client && blocked.get(pairOf(network, client.client_id))) ?? 0,
      );
      if (until === 0) return;
      // Client secrets have 178 random bits: that nobody guesses one is their doing. A failure costs one read here, and
      // who succeeds loses nothing to the neighbours on the same address.
      const known = client && (await as.store.authenticateClient(client, as.now()));
      if (known !== null && typeof known !== "string") return;
      // A refresh that names no client proves itself by its token.
      if (client === null && params.has("refresh_token")) return;
      throw tooMany("too many failed client authentications from this address", until);
    },

    async failed(address, client_id) {
      try {
        await noteFailure(address, client_id);
      } catch (error) {
        log.warn({ err: error }, "a failure was not counted");
      }
    },

    issued(client_id) {
      const now = Date.now();
      if (now >= windowEnds) {
        issues = new Map();
        windowEnds = now + table.issues.seconds * 1000;
      }
      const count = (issues.get(client_id) ?? 0) + 1;
      issues.set(client_id, count);
      if (count === table.issues.requests) hold(overBudget, client_id, windowEnds - now);
    },
  };
}

/** Puts the limits around an endpoint at which clients authenticate: who is over one is not let in, and what is issued counts. */
export function limited(
  endpoint: (as: AuthorizationServer, request: EndpointRequest) => ReturnType<Endpoint>,
): Endpoint {
  return async ({ as, clientLimits }, request) => {
    if (clientLimits.isWatching()) await clientLimits.admit(as, request);
    const response = await endpoint(as, request);
    if (response.issuedTo !== undefined) clientLimits.issued(response.issuedTo);
    return response;
  };
}

function failureTally(name: string, { requests, seconds }: RateLimit, redis: Redis | null) {
  return createTally(name, { full: requests, seconds }, redis);
}

function pairOf(network: string, client_id: string): string {
  return `${network} ${client_id.slice(0, keyLength)}`;
}

/** Keeps a key for so long, in milliseconds. */
function hold(held: Map<string, number>, key: string, time: number): void {
  held.set(key, Date.now() + time);
  setTimeout(() => held.delete(key), time).unref();
}

function tooMany(what: string, until: number): OAuthError {
  const seconds = Math.max(1, Math.ceil((until - Date.now()) / 1000));
  return new OAuthError("temporarily_unavailable", `${what}; try again in ${seconds} seconds`, {
    status: 429,
    headers: { "retry-after": String(seconds) },
  });
}
