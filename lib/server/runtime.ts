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
import { answerBackups } from "./backup-requests";
import { type ClientLimits, type ClientLimitTable, createClientLimits } from "./client-limits";
import { type Env, readEnv } from "./env";
import { startHousekeeper } from "./housekeeper";
import { createKeyring, type Keyring } from "./keyring";
import { lockDataDir } from "./lock";
import { createLockout, type Lockout } from "./lockout";
import { createLog, type Log } from "./log";
import { metrics } from "./metrics";
import { noteFailure, outageLines } from "./outage";
import { createPasswords, type Passwords } from "./password";
import { createRateLimits, type RateLimits, type RateLimitTable } from "./rate-limits";
import { connectRedis } from "./redis";
import { serviceAccountCheck } from "./service-accounts";

const KEY = Symbol.for("latchkey.runtime");

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
  /** How often the APIs may still be called. */
  rateLimits: RateLimits;
  /** The names of the migrations this version needs, as they were when it started. */
  migrations: readonly string[];
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
  /** The project folder. */
  root?: string;
  /** Where the migrations are. */
  migrations?: string;
  /** Another process, this one's primary, has applied them. */
  isMigrated?: boolean;
}

/** Opens and migrates the database and makes this the process's runtime. @throws EnvError, or when the folder is taken */
export async function startRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const {
    env = readEnv(process.env),
    location = locationOf(env),
    log = createLog(env.logLevel),
    now = () => new Date(),
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
  const passwords = createPasswords(root);
  const redis = env.redisUrl === undefined ? null : await connectRedis(env.redisUrl, log);
  const lockout = createLockout(redis);
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
    observe: (client_id, traits) => {
      clientLimits.issued(client_id);
      observations.observe(client_id, traits);
    },
    observeRedirect: (client_id, redirect_uri) => observations.observeRedirect(client_id, redirect_uri),
  };
  const backups = folder === null ? null : answerBackups(db, env.dataDir, folder, log);
  const endHousekeeping = startHousekeeper(db, log);
  const close = async () => {
    await endHousekeeping();
    await backups?.close();
    await usage.close();
    await observations.close();
    await passwords.close();
    redis?.close();
    await db.close();
    lock?.release();
    Reflect.deleteProperty(globalThis, KEY);
  };
  const started: Runtime = {
    ...{ env, db, as, log, passwords, migrations: migrationNames(migrations), close },
    ...{ lockout, clientLimits, keys: createKeyring(env.authSecret, env.authSecretPrevious) },
    rateLimits: createRateLimits(rateLimits, redis),
  };
  Reflect.set(globalThis, KEY, started);
  return started;
}

function locationOf({ databaseUrl, dataDir }: Env): DatabaseOptions["location"] {
  return databaseUrl ? { url: databaseUrl } : { folder: path.join(dataDir, "database") };
}

/** Random bytes from a pool that is filled at once: one system call serves hundreds of credentials. */
export function pooledRandom(size = 8192): Random {
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
