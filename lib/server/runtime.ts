/**
 * The one runtime of this process: environment, database, authorization server, log.
 *
 * Next bundles its own copy of lib/; a second copy must not open the embedded database again, so the handle lives on
 * globalThis under a registered symbol that every copy finds.
 */
import { randomFillSync } from "node:crypto";
import path from "node:path";
import { apis, brand, limits, scopes, rateLimits as standardRateLimits } from "../../latchkey.config";
import { type Database, type DatabaseOptions, openDatabase } from "../db/database";
import { sweep } from "../db/housekeeping";
import { migrate } from "../db/migrate";
import { Observations } from "../db/observations";
import { settlePolicies } from "../db/policies";
import { createStore } from "../db/store";
import { UsageLog } from "../db/usage";
import type { AuthorizationServer } from "../oauth/server";
import type { Random } from "../oauth/tokens";
import { type Env, readEnv } from "./env";
import { lockDataDir } from "./lock";
import { createLog, type Log } from "./log";
import { createPasswords, type Passwords } from "./password";
import { createRateLimits, type RateLimits, type RateLimitTable } from "./rate-limits";
import { connectRedis } from "./redis";
import { serviceAccountCheck } from "./service-accounts";

const KEY = Symbol.for("latchkey.runtime");
const SWEEP_EVERY_MS = 60_000;

export interface Runtime {
  env: Env;
  db: Database;
  as: AuthorizationServer;
  log: Log;
  passwords: Passwords;
  /** How often the APIs may still be called. */
  rateLimits: RateLimits;
  /** Where the migrations are. */
  migrations: string;
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
  /** The project folder. */
  root?: string;
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
    root = process.cwd(),
  } = options;
  const migrations = path.join(root, "prisma", "migrations");
  const lock = "folder" in location && location.folder !== null ? lockDataDir(env.dataDir) : null;
  const db = await openDatabase({ location, now, random });
  await migrate(db, migrations);
  const usage = new UsageLog(db, (error) => log.warn({ err: error }, "last-used times could not be written"));
  const observations = new Observations(db, (error) =>
    log.warn({ err: error }, "counts could not be written"),
  );
  const passwords = createPasswords(root);
  const redis = env.redisUrl === undefined ? null : await connectRedis(env.redisUrl, log);
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
      log,
      used: (apiKey) => usage.client(apiKey, null),
      redis,
    }),
    observe: (client_id, traits) => observations.observe(client_id, traits),
    observeRedirect: (client_id, redirect_uri) => observations.observeRedirect(client_id, redirect_uri),
  };
  const sweeper = setInterval(() => {
    sweep(db).catch((error) => log.warn({ err: error }, "expired rows could not be removed"));
    settlePolicies(db).catch((error) => log.warn({ err: error }, "policies could not be settled"));
  }, SWEEP_EVERY_MS).unref();
  const close = async () => {
    clearInterval(sweeper);
    await usage.close();
    await observations.close();
    await passwords.close();
    redis?.close();
    await db.close();
    lock?.release();
    Reflect.deleteProperty(globalThis, KEY);
  };
  const started: Runtime = {
    ...{ env, db, as, log, passwords, migrations, close },
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
