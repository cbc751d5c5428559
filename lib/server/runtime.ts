/**
 * The one runtime of this process: environment, database, authorization server, log.
 *
 * Next bundles its own copy of lib/; a second copy must not open the embedded database again, so the handle lives on
 * globalThis under a registered symbol that every copy finds.
 */
import { randomFillSync } from "node:crypto";
import path from "node:path";
import {
  apis,
  brand,
  limits,
  scopes,
  clientLimits as standardClientLimits,
  rateLimits as standardRateLimits,
} from "../../latchkey.config";
import { type Database, type DatabaseOptions, openDatabase } from "../db/database";
import { migrate, migrationNames } from "../db/migrate";
import { Observations } from "../db/observations";
import { createStore } from "../db/store";
import { UsageLog } from "../db/usage";
import type { AuthorizationServer } from "../oauth/server";
import type { Random } from "../oauth/tokens";
import { type ApiGuards, createApiGuards } from "./api/bearer";
import { answerBackups } from "./backup-requests";
import { type ClientLimits, type ClientLimitTable, createClientLimits } from "./client-limits";
import { type Courier, createCourier } from "./courier";
import { type Env, readEnv } from "./env";
import { startHousekeeper } from "./housekeeper";
import { createKeyring, type Keyring } from "./keyring";
import { createLetterLimits, type LetterLimits } from "./letter-limits";
import { lockDataDir } from "./lock";
import { createLockout, type Lockout } from "./lockout";
import { createLog, type Log } from "./log";
import { type Carrier, carrierOf, createMail, type Mail } from "./mail";
import { metrics } from "./metrics";
import { noteFailure, outageLines } from "./outage";
import { createPasswords, type Passwords } from "./password";
import { createRateLimits, type RateLimits, type RateLimitTable } from "./rate-limits";
import { connectRedis } from "./redis";
import { createRequestTrail, type RequestTrail } from "./request-trail";
import { resealAfterStart } from "./reseal";
import { serviceAccountCheck } from "./service-accounts";
import { createSso, type Sso } from "./sso";
import { createTally, type Tally } from "./tally";
import { type Resolve, resolveByName, type TargetRules } from "./webhook-target";

const KEY = Symbol.for("latchkey.runtime");

/** As it is before Next has put its own in its place, which notes for each page what it reads of the time. */
const SystemDate = Date;

export interface Runtime {
  env: Env;
  db: Database;
  as: AuthorizationServer;
  log: Log;
  passwords: Passwords;
  /** Stops the guessing of passwords. */
  lockout: Lockout;
  /** What is signed here, and with what. */
  keys: Keyring;
  /** How often clients may fail, and how much they may ask for. */
  clientLimits: ClientLimits;
  /** Reports of leaked credentials, by the network they come from. */
  leakReports: Tally;
  /** What apps' maintainers can read of their requests. */
  trail: RequestTrail;
  /** Letters to people. */
  mail: Mail;
  /** The OpenID provider people may sign in with; null for none. */
  sso: Sso | null;
  /** How many letters strangers may still ask for. */
  letterLimits: LetterLimits;
  /** When what is used was last used. */
  usage: Pick<UsageLog, "session">;
  /** Webhooks and notices on their way. */
  courier: Courier;
  /** How webhook endpoints are checked. */
  targets: TargetRules;
  /** How often the APIs may still be called. */
  rateLimits: RateLimits;
  /** The names of the migrations this version needs, as they were when it started. */
  migrations: readonly string[];
  /** The token check in front of each API of this process. */
  guards: ApiGuards;
  /** Writes what is pending, closes the database and releases the data folder. */
  close(): Promise<void>;
}

/** The runtime of this process. @throws when the server has not been started */
export function runtime(): Runtime {
  const running: Runtime | undefined = Reflect.get(globalThis, KEY);
  if (!running) throw new Error("the runtime has not been started");
  return running;
}

/** Has this process a runtime? */
export function isRunning(): boolean {
  return Reflect.get(globalThis, KEY) !== undefined;
}

export interface RuntimeOptions {
  env?: Env;
  /** Another database than the environment's. */
  location?: DatabaseOptions["location"];
  log?: Log;
  now?: () => Date;
  random?: Random;
  /** Other limits than the configuration's. */
  rateLimits?: RateLimitTable;
  clientLimits?: ClientLimitTable;
  /** Who takes letters, instead of the environment's. */
  carrier?: Carrier;
  /** Who knows the addresses of webhook endpoints, instead of the operating system. */
  resolve?: Resolve;
  /** The project folder. */
  root?: string;
  /** Where the migrations are. */
  migrations?: string;
  /** Another process, this one's primary, has applied them. */
  isMigrated?: boolean;
  /** False: nothing is swept, told or retired once a minute. */
  isHousekept?: boolean;
}

/** Opens and migrates the database and makes this the process's runtime. @throws EnvError, or when the folder is taken */
export async function startRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const {
    env = readEnv(process.env),
    location = locationOf(env),
    log = createLog(env.logLevel),
    now = () => new SystemDate(),
    random = pooledRandom(),
    rateLimits = standardRateLimits,
    clientLimits: clientLimitTable = standardClientLimits,
    root = process.cwd(),
    migrations = path.join(root, "prisma", "migrations"),
  } = options;
  const folder = "folder" in location ? location.folder : null;
  const lock = folder === null ? null : lockDataDir(env.dataDir);
  const db = await openDatabase({ location, now, random, listener: outageLines(log) });
  if (!options.isMigrated) await migrate(db, migrations);
  metrics.watch(db);
  const note = (message: string) => (error: unknown) => noteFailure({ db, log }, error, message);
  const usage = new UsageLog(db, note("last-used times could not be written"));
  const observations = new Observations(db, note("counts could not be written"));
  const trail = createRequestTrail(db, note("requests could not be counted"));
  const passwords = createPasswords(root);
  const redis = env.redisUrl === undefined ? null : await connectRedis(env.redisUrl, log);
  const lockout = createLockout(redis);
  const { requests: full, seconds } = limits.leakReports;
  const leakReports = createTally("leak-reports", { full, seconds }, redis);
  const mail = createMail(options.carrier ?? carrierOf(env), log);
  const clientLimits = createClientLimits(clientLimitTable, redis, log);
  const as: AuthorizationServer = {
    issuer: env.issuer,
    store: createStore(db, usage),
    now,
    random,
    scopes,
    apis,
    credentialPrefix: brand.credentialPrefix,
    authorizationRequestSeconds: limits.authorizationRequestSeconds,
    refreshReplaySeconds: limits.refreshReplaySeconds,
    checkServiceAccount: serviceAccountCheck({
      db,
      passwords,
      lockout,
      log,
      used: (apiKey) => usage.client(apiKey, null),
    }),
    observe: (client_id, traits) => observations.observe(client_id, traits),
    succeeded: trail.succeeded,
    observeRedirect: (client_id, redirect_uri) => observations.observeRedirect(client_id, redirect_uri),
  };
  const backups = folder === null ? null : answerBackups(db, env.dataDir, folder, log);
  const endHousekeeping = options.isHousekept === false ? null : startHousekeeper(db, log);
  const keys = createKeyring(env.authSecret, env.authSecretPrevious);
  const resealed = options.isMigrated ? null : resealAfterStart(env, { db, keys, log });
  const targets = { allowPrivate: env.webhookAllowPrivate, resolve: options.resolve ?? resolveByName };
  const courier = createCourier({ db, log, mail, keys, issuer: env.issuer, targets });
  const close = async () => {
    await resealed;
    await endHousekeeping?.();
    await courier.close();
    await backups?.close();
    await usage.close();
    await observations.close();
    await trail.close();
    await passwords.close();
    await mail.close();
    redis?.close();
    await db.close();
    lock?.release();
    Reflect.deleteProperty(globalThis, KEY);
  };
  const started: Runtime = {
    ...{ env, db, as, log, passwords, migrations: migrationNames(migrations), close },
    ...{ lockout, clientLimits, leakReports, mail, keys, courier, targets, trail },
    rateLimits: createRateLimits(rateLimits, redis),
    ...{ letterLimits: createLetterLimits(redis), usage, sso: env.sso && createSso(env.sso, env.issuer) },
    guards: createApiGuards({ as, db, usage }),
  };
  Reflect.set(globalThis, KEY, started);
  return started;
}

function locationOf({ databaseUrl, dataDir }: Env): DatabaseOptions["location"] {
  return databaseUrl ? { url: databaseUrl } : { folder: path.join(dataDir, "database") };
}

/** Random bytes from a pool that is filled at once: one system call serves hundreds of credentials. */
function pooledRandom(size = 8192): Random {
  const pool = new Uint8Array(size);
  let used = size;
  return (bytes) => {
    if (bytes > size) return randomFillSync(new Uint8Array(bytes));
    if (used + bytes > size) {
      randomFillSync(pool);
      used = 0;
    }
    const taken = pool.slice(used, used + bytes);
    // What was handed out is not left lying in memory.
    pool.fill(0, used, used + bytes);
    used += bytes;
    return taken;
  };
}
