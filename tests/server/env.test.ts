import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { EnvError, readEnv } from "../../lib/server/env";

const secret = "0123456789abcdef0123456789abcdef";
const folders: string[] = [];

function dataDir(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "latchkey-env-"));
  folders.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});

const read = (variables: Record<string, string | undefined> = {}) =>
  readEnv({ AUTH_SECRET: secret, ...variables });

describe("the defaults", () => {
  test("are those of the contract", () => {
    expect(read()).toEqual({
      port: 3000,
      host: "127.0.0.1",
      issuer: "http://localhost:3000",
      databaseUrl: undefined,
      dataDir: path.resolve("data"),
      redisUrl: undefined,
      authSecret: secret,
      authSecretPrevious: undefined,
      smtpUrl: undefined,
      sso: null,
      mailFrom: "no-reply@localhost",
      trustProxy: 0,
      webhookAllowPrivate: false,
      demo: true,
      webConcurrency: 1,
      metricsToken: undefined,
      logLevel: "info",
    });
  });

  test("follow the port", () => {
    expect(read({ PORT: "8080" })).toMatchObject({ port: 8080, issuer: "http://localhost:8080" });
  });

  test("stand for a variable that is empty", () => {
    expect(read({ PORT: "", ISSUER_URL: "", DATABASE_URL: "", REDIS_URL: "", DEMO: "" })).toEqual(read());
  });

  test("make a demo for an embedded database on a loopback issuer only", () => {
    expect(read({ DEMO: "0" }).demo).toBe(false);
    expect(read({ ISSUER_URL: "http://127.0.0.1:3000" }).demo).toBe(true);
    expect(read({ ISSUER_URL: "https://id.example.com" }).demo).toBe(false);
    expect(read({ DATABASE_URL: "postgresql://db/x" }).demo).toBe(false);
    expect(read({ DATABASE_URL: "postgres://db/x", DEMO: "1" }).demo).toBe(true);
  });
});

test.each([
  "redis://cache",
  "redis://127.0.0.1:6379",
  "redis://user:secret@cache.example.com:6380/2",
  "rediss://:secret@cache.example.com/",
])("REDIS_URL may be %s", (REDIS_URL) => {
  expect(read({ REDIS_URL }).redisUrl).toBe(REDIS_URL);
});

describe("a wrong value stops the start with one line that names the variable and not the value", () => {
  test.each<[string, Record<string, string | undefined>, string]>([
    ["a port that is no number", { PORT: "web-port" }, "PORT"],
    ["port 0", { PORT: "0" }, "PORT"],
    ["a port that is too large", { PORT: "65536" }, "PORT"],
    ["half a port", { PORT: "80.5" }, "PORT"],
    ["an issuer that is no URL", { ISSUER_URL: "sso.internal" }, "ISSUER_URL"],
    ["an issuer with a slash at its end", { ISSUER_URL: "https://id.example.com/" }, "ISSUER_URL"],
    ["an issuer with a path", { ISSUER_URL: "https://id.example.com/auth" }, "ISSUER_URL"],
    ["an issuer with a query", { ISSUER_URL: "https://id.example.com?x" }, "ISSUER_URL"],
    ["an issuer with a password", { ISSUER_URL: "https://user:hunter2@id.example.com" }, "ISSUER_URL"],
    ["an issuer in upper case", { ISSUER_URL: "https://ID.example.com" }, "ISSUER_URL"],
    ["an issuer with its default port", { ISSUER_URL: "https://id.example.com:443" }, "ISSUER_URL"],
    ["http for a public host", { ISSUER_URL: "http://id.example.com" }, "ISSUER_URL"],
    [
      "http for a host that only looks like loopback",
      { ISSUER_URL: "http://localhost.example.com" },
      "ISSUER_URL",
    ],
    ["another scheme", { ISSUER_URL: "ftp://localhost" }, "ISSUER_URL"],
    ["another database", { DATABASE_URL: "mysql://root:hunter2@db/x" }, "DATABASE_URL"],
    ["another cache", { REDIS_URL: "memcached://:hunter2@cache:11211" }, "REDIS_URL"],
    ["a Redis without a scheme", { REDIS_URL: "cache.internal:6379" }, "REDIS_URL"],
    ["a Redis without a host", { REDIS_URL: "redis://:hunter2@" }, "REDIS_URL"],
    ["a Redis database that is no number", { REDIS_URL: "redis://:hunter2@cache/zero" }, "REDIS_URL"],
    ["a Redis with a query", { REDIS_URL: "redis://cache?password=hunter2" }, "REDIS_URL"],
    ["a short secret", { AUTH_SECRET: "hunter2" }, "AUTH_SECRET"],
    [
      "a database without a secret",
      { DATABASE_URL: "postgresql://u:hunter2@db/x", AUTH_SECRET: undefined },
      "AUTH_SECRET",
    ],
    ["a demo that is neither 0 nor 1", { DEMO: "yes-please" }, "DEMO"],
    ["private webhooks in words", { WEBHOOK_ALLOW_PRIVATE: "yes-please" }, "WEBHOOK_ALLOW_PRIVATE"],
    ["a demo for the public", { DEMO: "1", ISSUER_URL: "https://id.example.com" }, "DEMO"],
    ["an unknown log level", { LOG_LEVEL: "loud" }, "LOG_LEVEL"],
    ["no process at all", { DATABASE_URL: "postgresql://db/x", WEB_CONCURRENCY: "0" }, "WEB_CONCURRENCY"],
    ["half a process", { DATABASE_URL: "postgresql://db/x", WEB_CONCURRENCY: "2.5" }, "WEB_CONCURRENCY"],
    ["a process count in words", { WEB_CONCURRENCY: "auto" }, "WEB_CONCURRENCY"],
    ["several processes on an embedded database", { WEB_CONCURRENCY: "2" }, "WEB_CONCURRENCY"],
    ["a short token for the figures", { METRICS_TOKEN: "hunter2" }, "METRICS_TOKEN"],
    [
      "a token for the figures that no header can have",
      { METRICS_TOKEN: "hunter2 and spaces" },
      "METRICS_TOKEN",
    ],
  ])("%s", (_, variables, name) => {
    let thrown: unknown;
    try {
      read(variables);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(EnvError);
    const { message } = thrown as EnvError;
    expect(message.startsWith(`${name}: `)).toBe(true);
    expect(message).not.toContain("\n");
    for (const value of Object.values(variables))
      if (value && value.length > 1) expect(message).not.toContain(value);
    expect(message).not.toContain("hunter2");
  });
});

test("several processes need a database they can share", () => {
  const several = { WEB_CONCURRENCY: "4", DATABASE_URL: "postgresql://db/x" };
  expect(read(several).webConcurrency).toBe(4);
  const folder = dataDir();
  expect(() => readEnv({ WEB_CONCURRENCY: "4", DATA_DIR: folder })).toThrow("embedded");
  expect(fs.readdirSync(folder)).toEqual([]); // nothing was begun
});

describe("the generated secret", () => {
  test("is made once, for its owner only, and kept", () => {
    const folder = path.join(dataDir(), "new");
    const made = () => readEnv({ DATA_DIR: folder }).authSecret;
    const first = made();
    expect(Buffer.byteLength(first)).toBeGreaterThanOrEqual(32);
    expect(made()).toBe(first);
    const mode = (file: string) => (fs.statSync(file).mode & 0o777).toString(8);
    expect([mode(folder), mode(path.join(folder, "auth-secret"))]).toEqual(["700", "600"]);
    expect(readEnv({ DATA_DIR: dataDir() }).authSecret).not.toBe(first);
  });

  test("gives way to one that was given", () => {
    expect(readEnv({ DATA_DIR: dataDir(), AUTH_SECRET: secret }).authSecret).toBe(secret);
  });
});

describe("a single sign-on", () => {
  const complete = {
    SSO_ISSUER: "https://login.example.com/",
    SSO_CLIENT_ID: "id",
    SSO_CLIENT_SECRET: "secret",
  };

  test("is whole or not there, and has a name", () => {
    expect(read({ ...complete, SSO_NAME: " Northwind ID " }).sso).toEqual({
      ...{ issuer: "https://login.example.com/", clientId: "id", clientSecret: "secret" },
      name: "Northwind ID",
    });
    expect(read(complete).sso?.name).toBe("single sign-on");
    expect(read({ SSO_NAME: "Northwind ID" }).sso).toBeNull();
    for (const name of Object.keys(complete))
      expect(() => read({ ...complete, [name]: "" })).toThrow(`${name}: required`);
  });

  test.each(["login.example.com", "http://login.example.com", "https://login.example.com?x=1", "ftp://x"])(
    "is not at %s",
    (SSO_ISSUER) => {
      expect(() => read({ ...complete, SSO_ISSUER })).toThrow("SSO_ISSUER: must be the https address");
    },
  );

  test("may be at a loopback address without https", () => {
    expect(read({ ...complete, SSO_ISSUER: "http://localhost:9000" }).sso?.issuer).toBe(
      "http://localhost:9000",
    );
  });
});
