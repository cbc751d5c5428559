/** The figures of this process, for Prometheus: plain numbers while requests are served, put together when asked for. */

import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { limits } from "../../latchkey.config";
import { type Backlog, findBacklog, findUnsent } from "../db/backlog";
import type { Database } from "../db/database";

/** For how long a look at the backlog is good, and how long one may take, in milliseconds. */
const BACKLOG_KEPT_MS = 10_000;
const BACKLOG_WITHIN_MS = 1_000;

/** All of them; a worker hands them to its primary. */
export const registry = new Registry();
const registers = [registry];

/** Answers by endpoint, and by the first digit of their status. */
const answers = new Map<string, Float64Array>();
let watched: Database | null = null;

export const metrics = {
  /** Requests that were turned away because there was no room for them: `metrics.shed.inc()`. */
  shed: new Counter({
    name: "latchkey_shed_requests_total",
    help: "Requests turned away with 503 because there was no room for them.",
    registers,
  }),

  /** Rows that housekeeping took away. */
  swept: new Counter({
    name: "latchkey_housekeeping_rows_total",
    help: "Rows that housekeeping took away.",
    labelNames: ["table"],
    registers,
  }),

  /** Attempts at webhooks: `metrics.webhookAttempts.inc({ outcome })`. */
  webhookAttempts: new Counter({
    name: "latchkey_webhook_attempts_total",
    help: "Attempts to deliver a webhook by what came of them.",
    labelNames: ["outcome"],
    registers,
  }),

  /**
   * Counts an answer: a look-up, an addition and a write, for it stands on the path of every request.
   * @param endpoint the path as the endpoint table has it, of which there are few
   */
  answered(endpoint: string, status: number): void {
    const counts = answers.get(endpoint) ?? new Float64Array(6);
    const first = Math.trunc(status / 100);
    counts[first] = (counts[first] ?? 0) + 1;
    answers.set(endpoint, counts);
  },

  /** From now on tells what the process needs, and of this database how it is used. */
  watch(db: Database): void {
    // Once a process: its event-loop histogram and garbage-collection observer have no end.
    if (watched === null) collectDefaultMetrics({ register: registry });
    watched = db;
  },
};

new Counter({
  name: "latchkey_requests_total",
  help: "Answers by endpoint and class of status; `pages` are all of the portal's.",
  labelNames: ["endpoint", "status"],
  registers,
  collect() {
    this.reset();
    for (const [endpoint, counts] of answers)
      for (const [first, count] of counts.entries())
        if (count > 0) this.inc({ endpoint, status: `${first}xx` }, count);
  },
});

new Gauge({
  name: "latchkey_database_connections",
  help: "Connections to the database by what they do.",
  labelNames: ["state"],
  registers,
  collect() {
    if (!watched) return;
    const { totalCount, idleCount } = watched.pool;
    this.set({ state: "busy" }, totalCount - idleCount);
    this.set({ state: "idle" }, idleCount);
  },
});

new Gauge({
  name: "latchkey_database_waiting",
  help: "Callers that wait for a connection.",
  registers,
  collect() {
    if (watched) this.set(watched.pool.waitingCount);
  },
});

type Look = { leaving: Backlog[]; unsent: Backlog[] };

/** One figure of a backlog. All processes share it, so that the largest is the figure, not the sum. */
function backlogGauge(
  name: string,
  help: string,
  which: keyof Look,
  figure: (backlog: Backlog) => number,
): void {
  new Gauge({
    ...{ name, help, labelNames: ["table"], aggregator: "max", registers },
    async collect() {
      this.reset(); // nothing rather than an old figure, while the database does not answer
      for (const backlog of (await currentBacklog())[which])
        this.set({ table: backlog.table }, figure(backlog));
    },
  });
}

backlogGauge(
  "latchkey_housekeeping_due_rows",
  "Rows that are due to leave, counted up to 10,001.",
  "leaving",
  ({ rows }) => rows,
);
backlogGauge(
  "latchkey_housekeeping_due_seconds",
  "For how long the oldest row that is due to leave has been so.",
  "leaving",
  ({ seconds }) => seconds,
);
backlogGauge(
  "latchkey_unsent_rows",
  "Webhooks and letters that are due and not on their way, counted up to 10,001.",
  "unsent",
  ({ rows }) => rows,
);
backlogGauge(
  "latchkey_unsent_seconds",
  "For how long the oldest of them has been due.",
  "unsent",
  ({ seconds }) => seconds,
);

const NOTHING: Look = { leaving: [], unsent: [] };
let looked: { of: Database; at: number; backlog: Promise<Look> } | null = null;

/** One look for all figures, and for scrapes that follow each other closely. */
function currentBacklog(): Promise<Look> {
  if (!watched) return Promise.resolve(NOTHING);
  const now = performance.now();
  if (looked?.of !== watched || now - looked.at > BACKLOG_KEPT_MS)
    looked = { of: watched, at: now, backlog: withinTime(lookAt(watched)) };
  return looked.backlog;
}

async function lookAt(db: Database): Promise<Look> {
  const [leaving, unsent] = await Promise.all([findBacklog(db, limits.auditDays), findUnsent(db)]);
  return { leaving, unsent };
}

/** A database that does not answer must not keep the figures of the process back. */
async function withinTime(look: Promise<Look>): Promise<Look> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Look>((resolve) => {
    timer = setTimeout(() => resolve(NOTHING), BACKLOG_WITHIN_MS);
  });
  try {
    return await Promise.race([look, late]);
  } catch {
    return NOTHING; // requests meet the same error, and log it
  } finally {
    clearTimeout(timer);
  }
}
