/**
 * Takes what waits to wherever it goes: webhooks to endpoints, letters to the post. Each process has one and any may
 * take anything: a claim in the database decides which does (docs/decisions/0023).
 */
import { limits } from "../../latchkey.config";
import type { Database } from "../db/database";
import { takeNotices } from "../db/notices";
import { type ClaimedDelivery, claimDeliveries, settleDelivered, settleFailed } from "../db/webhook-queue";
import type { Keyring } from "./keyring";
import type { Log } from "./log";
import type { Mail } from "./mail";
import { metrics } from "./metrics";
import { letterOf } from "./notice-letters";
import { noteFailure } from "./outage";
import { postOnce } from "./webhook-request";
import { resealSecrets } from "./webhook-secrets";
import { signatureHeaders } from "./webhook-signature";
import type { TargetRules } from "./webhook-target";

/** How often it looks, in milliseconds. */
const EVERY_MS = 1_000;
/** How many letters it takes in one round at most: the next round comes soon. */
const LETTER_BATCHES = 4;

export interface Courier {
  /** Looks again and again from now on, until it is closed. */
  start(): void;
  /** Takes what is due now and waits until it is there. */
  round(): Promise<void>;
  /** Takes one delivery at once, if nobody else has, and waits until it is there. */
  deliver(id: string): Promise<void>;
  /** Claims nothing more; an attempt that is cut short is made again by whoever comes next. */
  close(): Promise<void>;
}

export interface CourierTools {
  db: Database;
  log: Log;
  mail: Mail;
  keys: Keyring;
  /** Of the portal, for links in letters. */
  issuer: string;
  targets: TargetRules;
}

export function createCourier(tools: CourierTools): Courier {
  const { db, log, mail, issuer } = tools;
  const ending = new AbortController();
  const underWay = new Map<string, { endpointId: string; done: Promise<void> }>();
  const note = (message: string) => (error: unknown) => noteFailure({ db, log }, error, message);
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;

  const begin = (delivery: ClaimedDelivery) => {
    const { id, endpointId } = delivery;
    const done = attempt(tools, delivery, ending.signal)
      .catch(note("a webhook could not be delivered"))
      .finally(() => underWay.delete(id));
    underWay.set(id, { endpointId, done });
  };

  /** An endpoint that does not answer holds its own places and nobody else's. */
  const busyEndpoints = () => {
    const counts = new Map<string, number>();
    for (const { endpointId } of underWay.values()) counts.set(endpointId, (counts.get(endpointId) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= limits.webhooks.perEndpoint).map(([id]) => id);
  };

  const claimAll = async () => {
    while (!ending.signal.aborted) {
      const free = Math.min(limits.webhooks.atOnce - underWay.size, limits.webhooks.perEndpoint);
      if (free <= 0) return;
      const claimed = await claimDeliveries(db, free, { busy: busyEndpoints() });
      if (claimed.length === 0) return;
      claimed.forEach(begin);
    }
  };

  const postLetters = async () => {
    let batches = 0;
    for (let more = true; more && batches < LETTER_BATCHES && !ending.signal.aborted; batches += 1) {
      const taken = await takeNotices(db);
      for (const notice of taken.notices) {
        const letter = letterOf(notice, issuer);
        if (letter) mail.post(letter);
      }
      more = taken.more;
    }
  };

  const look = async () => {
    await claimAll().catch(note("webhooks could not be claimed"));
    await postLetters().catch(note("letters could not be taken"));
  };

  return {
    start() {
      void resealSecrets(db, tools.keys).catch(note("webhook secrets could not be sealed again"));
      timer = setInterval(() => {
        looking ??= look().finally(() => {
          looking = null;
        });
      }, EVERY_MS).unref();
    },
    async round() {
      await look();
      await Promise.all([...underWay.values()].map(({ done }) => done));
    },
    async deliver(id) {
      const [claimed] = await claimDeliveries(db, 1, { only: id });
      if (claimed) begin(claimed);
      await underWay.get(id)?.done;
    },
    async close() {
      clearInterval(timer);
      ending.abort();
      await looking;
      await Promise.all([...underWay.values()].map(({ done }) => done));
    },
  };
}

/** Signs, sends, and writes down what came of it. */
async function attempt(
  { db, keys, targets }: CourierTools,
  delivery: ClaimedDelivery,
  signal: AbortSignal,
): Promise<void> {
  const { id, payload, url, isOff } = delivery;
  const nothing = { statusCode: null, latencyMs: 0, answer: null };
  if (isOff)
    return void (await settleFailed(db, { ...delivery, remaining: 0 }, { ...nothing, problem: OFF }));
  const secrets = [delivery.secret, delivery.oldSecret].flatMap(
    (sealed) => (sealed && keys.unseal("webhook secret", "", sealed)?.text) ?? [],
  );
  if (secrets.length === 0) {
    await settleFailed(db, delivery, { ...nothing, problem: UNREADABLE });
    return;
  }
  const headers = signatureHeaders({ id, at: db.now(), body: payload }, secrets);
  const result = await postOnce({ url, headers, body: payload }, targets, signal);
  // Cut short by the end of this process: it stays claimed, and is due again once the claim has run out.
  if (signal.aborted && result.statusCode === null) return;
  const code = result.statusCode ?? 0;
  const isDelivered = code >= 200 && code < 300;
  metrics.webhookAttempts.inc({ outcome: isDelivered ? "delivered" : "failed" });
  if (isDelivered) await settleDelivered(db, delivery, result);
  else await settleFailed(db, delivery, result, code === 410);
}

const OFF = "The endpoint was turned off.";
const UNREADABLE = "Its signing secret can no longer be read here: rotate it.";
