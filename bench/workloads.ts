/** What is measured: each workload, at how many connections, by which requests. */
import type { Order } from "./load";

/** The floor is one prepared INSERT for each request, and nothing else. */
export type WorkloadName = "floor" | "W1" | "W2" | "W3" | "W4" | "bearer" | "paced";

/** Workloads that are sent at a rate of ours, not as fast as they are answered: requests a second. */
export const openRates: Partial<Record<WorkloadName, number>> = { paced: 3000 };

export const titles: Record<WorkloadName, string> = {
  floor: "floor: node:http + one prepared INSERT",
  W1: "W1: client credentials",
  W2: "W2: introspection, client authenticated",
  W3: "W3: refresh with rotation",
  W4: "W4: code exchange, PKCE",
  bearer: "bearer check: GET /public/v1/me",
  paced: `bearer check, open loop, ${openRates.paced}/s`,
};

/** One line of the table: a workload at a number of connections. */
export interface Cell {
  workload: WorkloadName;
  connections: number;
}

export const cells: readonly Cell[] = [
  ...[1, 16, 64].map((connections) => ({ workload: "floor" as const, connections })),
  ...[1, 16, 64].map((connections) => ({ workload: "W1" as const, connections })),
  ...[16, 64].map((connections) => ({ workload: "W2" as const, connections })),
  { workload: "W3", connections: 16 },
  { workload: "W4", connections: 16 },
  ...[16, 64].map((connections) => ({ workload: "bearer" as const, connections })),
  { workload: "paced", connections: 64 },
];

/** How a workload's requests follow each other. */
export const orders: Record<WorkloadName, Order> = {
  floor: "cycle",
  W1: "cycle",
  W2: "cycle",
  W3: "chain",
  W4: "once",
  bearer: "cycle",
  paced: "cycle",
};

export interface Credentials {
  client_id: string;
  client_secret: string;
}

/** How much is made before anything is measured. */
export interface Amounts {
  codes: number;
  /** Live tokens, for introspection and for the bearer check. */
  tokens: number;
}

/** What a prepared server knows, as its clients hold it. */
export interface Fixture {
  clients: Credentials[];
  /** Live access tokens of clients, by the client credentials grant. */
  tokens: (Credentials & { token: string })[];
  /** Each walks on from its own first refresh token. */
  chains: (Credentials & { refresh_token: string })[];
  codes: (Credentials & { code: string; code_verifier: string; redirect_uri: string })[];
  /** Live access tokens of people; our server's only. */
  bearers: { token: string; userId: string }[];
}

// Few enough that oidc-provider's cache of parsed clients (100) holds them all.
export const CLIENTS = 50;
/** Many more than connections: a database plans for the tables it has seen, and real ones are not empty. */
export const CHAINS = 2000;
export const REDIRECT_URI = "https://app.example/callback";
export const SCOPE = "read write";

/** The requests of a workload against a server that was prepared with this fixture. */
export function requestsOf(workload: WorkloadName, fixture: Fixture, paths: Paths): string[] {
  switch (workload) {
    case "floor":
    case "W1":
      return fixture.clients.map((client) =>
        form(paths.token, client, { grant_type: "client_credentials", scope: SCOPE }),
      );
    case "W2":
      // The hint spares oidc-provider one of its look-ups; the others do not need it.
      return fixture.tokens.map(({ token, ...client }) =>
        form(paths.introspect, client, { token, token_type_hint: "access_token" }),
      );
    case "W3":
      return fixture.chains.map(({ refresh_token, ...client }) =>
        form(paths.token, client, { grant_type: "refresh_token", refresh_token }),
      );
    case "W4":
      return fixture.codes.map(({ client_id, client_secret, ...code }) =>
        form(paths.token, { client_id, client_secret }, { grant_type: "authorization_code", ...code }),
      );
    case "bearer":
    case "paced":
      return fixture.bearers.map(({ token }) => http("GET /public/v1/me", `Bearer ${token}`));
  }
}

/** Where a server has its endpoints. */
export interface Paths {
  token: string;
  introspect: string;
}

/** Client authentication is HTTP Basic everywhere. */
function form(
  path: string,
  { client_id, client_secret }: Credentials,
  fields: Record<string, string>,
): string {
  const credentials = Buffer.from(`${client_id}:${client_secret}`).toString("base64");
  return http(`POST ${path}`, `Basic ${credentials}`, new URLSearchParams(fields).toString());
}

function http(line: string, authorization: string, body?: string): string {
  const entity = `content-type: application/x-www-form-urlencoded\r\ncontent-length: ${body?.length}\r\n`;
  return `${line} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${authorization}\r\n${body ? entity : ""}\r\n${body ?? ""}`;
}
