/** The environment, read once and checked; a wrong value stops the start with one clear line. */
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { z } from "zod";

const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

const variables = z.object({
  PORT: z.coerce.number().int().min(1).max(65535).default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  ISSUER_URL: z.string().optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must start with postgresql://")
    .optional(),
  DATA_DIR: z.string().min(1).default("./data"),
  REDIS_URL: z
    .string()
    .refine(isRedisUrl, "must be redis:// or rediss:// with a host, such as redis://cache.example.com:6379")
    .optional(),
  AUTH_SECRET: z.string().min(32, "must be at least 32 bytes").optional(),
  AUTH_SECRET_PREVIOUS: z.string().min(32, "must be at least 32 bytes").optional(),
  SMTP_URL: z
    .string()
    .regex(
      /^smtps?:\/\/[^/\s]+/,
      "must be smtp:// or smtps:// with a host, such as smtps://user:password@mail.example.com",
    )
    .optional(),
  MAIL_FROM: z.email("must be an e-mail address").optional(),
  SSO_ISSUER: z.string().optional(),
  SSO_CLIENT_ID: z.string().optional(),
  SSO_CLIENT_SECRET: z.string().optional(),
  SSO_NAME: z.string().trim().min(1).max(40, "must have at most 40 characters").default("single sign-on"),
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  WEBHOOK_ALLOW_PRIVATE: z.enum(["0", "1"], "must be 0 or 1").default("0"),
  DEMO: z.enum(["0", "1"], "must be 0 or 1").optional(),
  WEB_CONCURRENCY: z.coerce
    .number("must be a number from 1 to 64")
    .int("must be a whole number")
    .min(1, "must be a number from 1 to 64")
    .max(64, "must be a number from 1 to 64")
    .default(1),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\w.~+/=-]{16,}$/, "must be at least 16 characters of those a bearer token may have")
    .optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

export interface Env {
  port: number;
  host: string;
  /** The OAuth issuer: public base URL without trailing slash. */
  issuer: string;
  /** Undefined: the embedded database. */
  databaseUrl: string | undefined;
  dataDir: string;
  /** Undefined: counters are kept in this process. */
  redisUrl: string | undefined;
  authSecret: string;
  /** The secret before the present one: what it signed is still read, nothing new is signed with it. */
  authSecretPrevious: string | undefined;
  /** Undefined: letters land in DATA_DIR/outbox. */
  smtpUrl: string | undefined;
  /** The address letters come from. */
  mailFrom: string;
  /** The OpenID provider people may sign in with; null for none. */
  sso: SsoEnv | null;
  /** How many proxies in front of us add to X-Forwarded-For; 0: the header is not believed. */
  trustProxy: number;
  /** May webhooks be sent to addresses of this machine and of private networks? */
  webhookAllowPrivate: boolean;
  demo: boolean;
  /** Processes that serve. */
  webConcurrency: number;
  /** What a stranger has to know to read the figures; undefined: only callers on this machine may. */
  metricsToken: string | undefined;
  logLevel: string;
}

export interface SsoEnv {
  /** The provider's issuer, as its metadata spells it. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** What people call it. */
  name: string;
}

/** What is wrong with the environment, in one line. */
export class EnvError extends Error {}

/**
 * @param source process.env
 * @throws EnvError naming the variable and what it must be; never its value
 */
export function readEnv(source: Record<string, string | undefined>): Env {
  // An empty variable is one that is not set, as `.env` files and compose files write it.
  const set = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = variables.safeParse(set);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new EnvError(`${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { PORT, HOST, ISSUER_URL, DATABASE_URL, DATA_DIR, REDIS_URL, AUTH_SECRET, DEMO } = parsed.data;
  const { WEB_CONCURRENCY, METRICS_TOKEN, LOG_LEVEL } = parsed.data;
  const { AUTH_SECRET_PREVIOUS, TRUST_PROXY, SMTP_URL, MAIL_FROM } = parsed.data;
  const issuer = checkedIssuer(ISSUER_URL ?? `http://localhost:${PORT}`);
  const loopback = LOOPBACK_HOSTS.includes(new URL(issuer).hostname);
  if (DEMO === "1" && !loopback)
    throw new EnvError("DEMO: refused, because ISSUER_URL is not a loopback address");
  const dataDir = path.resolve(DATA_DIR);
  if (DATABASE_URL && !AUTH_SECRET) throw new EnvError("AUTH_SECRET: required when DATABASE_URL is set");
  if (WEB_CONCURRENCY > 1 && !DATABASE_URL)
    throw new EnvError(
      "WEB_CONCURRENCY: must be 1 without DATABASE_URL; the embedded database belongs to one process",
    );
  return {
    port: PORT,
    host: HOST,
    issuer,
    databaseUrl: DATABASE_URL,
    dataDir,
    redisUrl: REDIS_URL,
    authSecret: AUTH_SECRET ?? generatedSecret(dataDir),
    authSecretPrevious: AUTH_SECRET_PREVIOUS,
    smtpUrl: SMTP_URL,
    mailFrom: MAIL_FROM ?? `no-reply@${new URL(issuer).hostname}`,
    sso: ssoOf(parsed.data),
    trustProxy: TRUST_PROXY,
    webhookAllowPrivate: parsed.data.WEBHOOK_ALLOW_PRIVATE === "1",
    demo: DEMO === undefined ? !DATABASE_URL && loopback : DEMO === "1",
    webConcurrency: WEB_CONCURRENCY,
    metricsToken: METRICS_TOKEN,
    logLevel: LOG_LEVEL,
  };
}

/** All three variables, or none. OpenID Connect Discovery §3: the issuer is https, without query and fragment. */
function ssoOf(set: z.infer<typeof variables>): SsoEnv | null {
  const needed = ["SSO_ISSUER", "SSO_CLIENT_ID", "SSO_CLIENT_SECRET"] as const;
  const missing = needed.find((variable) => set[variable] === undefined);
  const {
    SSO_ISSUER: issuer,
    SSO_CLIENT_ID: clientId,
    SSO_CLIENT_SECRET: clientSecret,
    SSO_NAME: name,
  } = set;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) {
    if (missing === undefined || needed.every((variable) => set[variable] === undefined)) return null;
    throw new EnvError(`${missing}: required when another SSO_ variable is set`);
  }
  const url = URL.canParse(issuer) ? new URL(issuer) : null;
  const isPlain = url?.protocol === "http:" && LOOPBACK_HOSTS.includes(url.hostname);
  if (url === null || (url.protocol !== "https:" && !isPlain) || url.search + url.hash !== "")
    throw new EnvError(
      "SSO_ISSUER: must be the https address of an OpenID provider, as its metadata spells it",
    );
  return { issuer, clientId, clientSecret, name };
}

/** `redis[s]://[[user][:password]@]host[:port][/number]`; what else the client would read as something else. */
function isRedisUrl(value: string): boolean {
  const url = /^rediss?:\/\//.test(value) && URL.canParse(value) ? new URL(value) : null;
  return (
    url !== null && url.hostname !== "" && /^(\/\d*)?$/.test(url.pathname) && url.search + url.hash === ""
  );
}

/** RFC 8414 §2: https, no query, no fragment; http only on loopback. */
function checkedIssuer(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url?.origin !== value)
    throw new EnvError("ISSUER_URL: must be an origin such as https://id.example.com");
  const loopback = LOOPBACK_HOSTS.includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback))
    throw new EnvError("ISSUER_URL: must be https, unless it is a loopback address");
  return value;
}

/** A secret of this installation's own, readable by its user only. */
function generatedSecret(dataDir: string): string {
  const file = path.join(dataDir, "auth-secret");
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  try {
    fs.writeFileSync(file, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return fs.readFileSync(file, "utf8").trim();
}
