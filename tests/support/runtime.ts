/** A whole server without Next: a runtime, the fast lane on a real port, and what it wrote to its log. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import pino from "pino";
import { endpoints } from "../../lib/server/endpoints";
import type { Env } from "../../lib/server/env";
import { serveFastLane } from "../../lib/server/http";
import type { Letter } from "../../lib/server/mail";
import { type Runtime, type RuntimeOptions, startRuntime } from "../../lib/server/runtime";
import { databaseFacts, root } from "./databases";
import type { Facts } from "./facts";
import { collectSecrets, secretsIn } from "./log-secrets";
import { type Clock, createClock } from "./world";

export interface TestServer {
  rt: Runtime;
  clock: Clock;
  facts: Facts;
  url: string;
  /** Every line of the log so far, at its most talkative level; `close` fails when a credential was in one. */
  log: string[];
  /** Every letter that was posted. */
  letters: Letter[];
  /** How many rows there are in the tables a request could leave something in. */
  rows(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

/** Tests fail on purpose, thousands of times and all from one address. */
const generous = {
  clientFailures: { requests: 1_000_000, seconds: 60 },
  addressFailures: { requests: 1_000_000, seconds: 60 },
  issues: { requests: 1_000_000, seconds: 60 },
};

const secret = "only-for-tests-only-for-tests-only-for-tests";

export async function startTestServer(
  location: RuntimeOptions["location"] = { folder: null },
  env: Partial<Env> = {},
  options: Pick<RuntimeOptions, "rateLimits" | "clientLimits" | "migrations" | "resolve"> = {},
): Promise<TestServer> {
  const clock = createClock();
  const log: string[] = [];
  const letters: Letter[] = [];
  const sent = new Set<string>();
  const leaked: string[] = [];
  const server = http.createServer((req, res) => {
    collectSecrets(req, sent);
    serveFastLane(rt, req, res).then((served) => {
      if (!served) res.writeHead(404).end("not in the fast lane");
    });
  });
  const keepLine = (line: string) => {
    log.push(line);
    leaked.push(...secretsIn(line, sent));
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const rt = await startRuntime({
    env: {
      ...{ port, host: "127.0.0.1", issuer: url, databaseUrl: undefined, dataDir: "/nowhere" },
      ...{ smtpUrl: undefined, mailFrom: "no-reply@latchkey.test", sso: null },
      ...{ redisUrl: undefined, webConcurrency: 1, metricsToken: undefined },
      ...{
        authSecret: secret,
        authSecretPrevious: undefined,
        trustProxy: 0,
        webhookAllowPrivate: false,
        demo: false,
        logLevel: "trace",
      },
      ...env,
    },
    location,
    log: pino({ level: "trace", base: null }, { write: keepLine }),
    now: clock.now,
    carrier: async (letter) => {
      letters.push(letter);
    },
    root,
    clientLimits: generous,
    // A test does what it waits for: a round in the middle of it would change what it looks at.
    isHousekept: false,
    ...options,
  });
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rt.close();
    if (leaked.length > 0) throw new Error(`the log holds what it must not: ${leaked.join(", ")}`);
  };
  return { rt, clock, facts: databaseFacts(rt.db), url, log, letters, rows: () => countRows(rt), close };
}

async function countRows({ db }: Runtime): Promise<Record<string, number>> {
  const tables = [
    "authorization_requests",
    "authorization_codes",
    "tokens",
    "refresh_families",
    "refresh_tokens",
    "consents",
    "sessions",
    "projects",
    "apps",
  ];
  const counts = tables.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`);
  const { rows } = await db.pool.query<Record<string, number>>(`SELECT ${counts.join(", ")}`);
  return rows[0] ?? {};
}

/** The machine endpoints, for what holds for each. */
export const machinePaths = endpoints
  .filter(({ audience }) => audience === "machine")
  .map(({ path }) => path);
