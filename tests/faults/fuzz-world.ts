/** A server with one of everything, for the fuzz. */
import http from "node:http";
import path from "node:path";
import bcrypt from "bcryptjs";
import pino from "pino";
import { z } from "zod";
import { authorize } from "../../lib/oauth/endpoints/authorize";
import { readEnv } from "../../lib/server/env";
import { serveFastLane } from "../../lib/server/http";
import { type Runtime, type RuntimeOptions, startRuntime } from "../../lib/server/runtime";
import { clientToken, personalToken } from "../support/credentials";
import { databaseFacts, root } from "../support/databases";
import type { Facts, TestApp } from "../support/facts";
import { authorizeFields, basic, codeFor, encode, exchangeFields } from "../support/world";

export type Pairs = [name: string, value: string][];

/** A request before it is bytes, so that it can be changed piece by piece. */
export interface Draft {
  method: string;
  path: string;
  query: Pairs;
  headers: Pairs;
  body: { form: Pairs } | { text: string } | null;
}

/** What requests need to be taken seriously; some of it is used up by them. */
export interface Supplies {
  app: TestApp;
  publicApp: TestApp;
  email: string;
  cookie: string;
  company: string;
  project: string;
  code: string;
  refreshToken: string;
  accessToken: string;
  personalToken: string;
  adminToken: string;
  /** A stored authorization request. */
  request: string;
}

interface FuzzServer {
  rt: Runtime;
  url: string;
  facts: Facts;
  /** Lines of the log that say something broke. */
  errors: string[];
  close(): Promise<void>;
}

export interface FuzzWorld {
  server: FuzzServer;
  supplies: Supplies;
  /** Replaces what was used up. */
  renew(): Promise<void>;
}

export const PASSWORD = "password";
const plenty = { requests: 1e9, seconds: 60 };

/** A server like those of the other tests, which keeps nothing of what it is sent: it will be sent a lot. */
async function startServer(location: RuntimeOptions["location"], dataDir: string): Promise<FuzzServer> {
  const errors: string[] = [];
  const write = (line: string) => {
    if (JSON.parse(line).level >= 50) errors.push(line);
  };
  const server = http.createServer((req, res) => {
    serveFastLane(rt, req, res).then((served) => {
      if (!served) res.writeHead(404).end("not in the fast lane");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const url = `http://127.0.0.1:${port}`;
  const AUTH_SECRET = "only-for-tests-only-for-tests-only-for-tests";
  const rt = await startRuntime({
    env: readEnv({ ISSUER_URL: url, AUTH_SECRET, DATA_DIR: dataDir, DEMO: "0" }),
    location,
    log: pino({ level: "trace", base: null }, { write }),
    root,
    rateLimits: { token: plenty, app: plenty },
    clientLimits: { clientFailures: plenty, addressFailures: plenty, issues: plenty },
  });
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rt.close();
  };
  return { rt, url, facts: databaseFacts(rt.db), errors, close };
}

/** @param dataDir keeps what the fuzz writes out of memory; null for a short one */
export async function createFuzzWorld(dataDir: string | null = null): Promise<FuzzWorld> {
  const folder = dataDir === null ? null : path.join(dataDir, "database");
  const server = await startServer({ folder }, dataDir ?? "/nowhere");
  const { rt, facts, url } = server;
  const email = "fuzz@example.test";
  const userId = await facts.addUser(email);
  await rt.db.prisma.user.update({
    where: { id: userId },
    data: { isAdmin: true, passwordHash: await bcrypt.hash(PASSWORD, 4) },
  });
  const company = await facts.addCompany(userId);
  const grants = ["authorization_code" as const, "client_credentials" as const];
  const app = await facts.addApp({ ownerId: userId, scopes: ["read", "write", "admin"], policy: { grants } });
  const publicApp = await facts.addApp({ ownerId: userId, type: "public" });
  const signIn = await fetch(`${url}/login/sign-in`, {
    ...{ method: "POST", redirect: "manual" },
    body: new URLSearchParams({ email, password: PASSWORD }),
  });
  const cookie = signIn.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
  const lasting = { app, publicApp, email, cookie, company };

  async function fresh(): Promise<Supplies> {
    const code = await codeFor(rt, app, userId, { companyId: company });
    const other = await codeFor(rt, app, userId, { companyId: company, scope: "read write" });
    const exchanged = await fetch(`${url}/oauth/token`, {
      ...{ method: "POST", headers: { authorization: basic(app) } },
      body: new URLSearchParams(encode(exchangeFields(other))),
    });
    const { access_token: accessToken, refresh_token: refreshToken } = await exchanged.json();
    const stored = await authorize(rt.as, encode(authorizeFields(app)));
    const { id: project } = await rt.db.prisma.project.create({
      data: {
        id: `p${code.slice(-12)}`,
        companyId: company,
        name: "Fuzz",
        createdAt: rt.db.now(),
        updatedAt: rt.db.now(),
      },
    });
    return {
      ...lasting,
      ...{ code, refreshToken, accessToken, project },
      personalToken: await personalToken(rt.db, userId, { companies: "all" }),
      adminToken: await clientToken(url, app, "admin"),
      request: stored.outcome === "stored" ? stored.request.id : "",
    };
  }

  const world: FuzzWorld = {
    server,
    supplies: await fresh(),
    async renew() {
      world.supplies = await fresh();
    },
  };
  return world;
}
