/** Who is measured: a server in a process of its own, its database, and what was prepared in it. */
import type { ChildProcess } from "node:child_process";
import pg from "pg";
import type { Postgres } from "./postgres";
import type { Question, Reading } from "./probe";
import { freePort, next, startHelper, stopped, tell } from "./process";
import type { Amounts, Fixture, Paths, WorkloadName } from "./workloads";

/** A server that listens, with the probe in it. */
export interface Running {
  port: number;
  /** @param collected after a garbage collection, so that only what is alive counts */
  read(collected?: boolean): Promise<Reading>;
  profile(file: string, work: () => Promise<unknown>): Promise<void>;
  stop(): Promise<void>;
}

export interface Subject extends Running {
  name: string;
  /** Measured against the others, or beside them. */
  role: "ours" | "peer" | "floor";
  takesPart: readonly WorkloadName[];
  fixture: Fixture;
  paths: Paths;
  /** Access tokens in its database before anything was measured. */
  prepared: number;
  /** Access tokens in its database now; null while nobody else may look. */
  issued: (() => Promise<number>) | null;
}

export function running(child: ChildProcess, port: number): Running {
  const ask = (question: Question) => tell<Reading | null>(child, question);
  return {
    port,
    async read(collected = false) {
      const reading = await ask({ ask: "reading", collected });
      if (!reading) throw new Error("the server could not be read");
      return reading;
    },
    async profile(file, work) {
      await ask({ ask: "profile" });
      await work();
      await ask({ ask: "save profile", file });
    },
    stop: () => stopped(child),
  };
}

interface PeerEntry {
  name: string;
  /** Its file below peers/. */
  file: string;
  role: "peer" | "floor";
  takesPart: readonly WorkloadName[];
  paths: Paths;
  /** Counts the access tokens. */
  issued: string;
}

export const peers: readonly PeerEntry[] = [
  {
    name: "floor",
    file: "floor",
    role: "floor",
    takesPart: ["floor"],
    paths: { token: "/", introspect: "/" },
    issued: "SELECT count(*)::int AS count FROM floor",
  },
  {
    name: "oidc-provider",
    file: "oidc-provider",
    role: "peer",
    takesPart: ["W1", "W2", "W3", "W4"],
    paths: { token: "/token", introspect: "/token/introspection" },
    issued: `SELECT (SELECT count(*) FROM "AccessToken")::int + (SELECT count(*) FROM "ClientCredentials")::int AS count`,
  },
  {
    name: "oauth2-server",
    file: "oauth2-server",
    role: "peer",
    takesPart: ["W1", "W2", "W3", "W4"],
    paths: { token: "/token", introspect: "/introspect" },
    issued: "SELECT count(*)::int AS count FROM access_tokens",
  },
];

/** Prepares a peer in one process and serves it by another, whose memory then is the server's alone. */
export async function startPeer(entry: PeerEntry, postgres: Postgres, amounts: Amounts): Promise<Subject> {
  const url = await postgres.createDatabase(entry.file);
  const file = `peers/${entry.file}`;
  const prepare = ["prepare", url, `${amounts.tokens}`, `${amounts.codes}`];
  const fixture = await next<Fixture>(startHelper(file, prepare));
  const port = await freePort();
  const child = startHelper(file, ["serve", url, `${port}`], { probe: true });
  await next(child);
  const issued = () => countRows(url, entry.issued);
  return { ...entry, ...running(child, port), fixture, prepared: fixture.tokens.length, issued };
}

/** @param sql answers one row with a number called count */
export async function countRows(url: string, sql: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: number }>(sql);
    return rows[0]?.count ?? 0;
  } finally {
    await client.end();
  }
}
