/** Pages: how long authorize takes somebody who is signed in and has consented, and how much script settings ship. */
import { get } from "node:http";
import { hashSync } from "bcryptjs";
import pg from "pg";
import { s256 } from "../lib/oauth/pkce";
import { ourSubject } from "./comparison";
import type { Context } from "./context";
import { goalTable } from "./goals";
import { startPostgres } from "./postgres";
import { heading, print } from "./report";
import { ascending, median, percentile } from "./statistics";
import type { Subject } from "./subject";
import { table } from "./table";
import { REDIRECT_URI, SCOPE } from "./workloads";

const WARM_UP = 100;
const REQUESTS = 500;
const MAX_MS = 25;
const MAX_KILOBYTES = 150;
const EMAIL = "person@bench.test";
const PASSWORD = "bench";

/** Pages below settings and company setup; `:app` is one of the person's apps. */
const PAGES = [
  "/settings/profile",
  "/settings/sessions",
  "/settings/security",
  "/settings/security/authenticator",
  "/settings/notifications",
  "/settings/api-access/apps",
  "/settings/api-access/apps/new",
  "/settings/api-access/apps/:app",
  "/settings/api-access/apps/:app/credentials",
  "/settings/api-access/apps/:app/policy",
  "/settings/api-access/apps/:app/activity",
  "/settings/api-access/apps/:app/edit",
  "/settings/api-access/apps/:app/webhooks",
  "/settings/api-access/apps/:app/webhooks/new",
  "/settings/api-access/tokens",
  "/settings/api-access/tokens/new",
  "/settings/api-access/consents",
  "/settings/api-access/quarantine",
  "/company/profile",
  "/company/members",
  "/company/apps",
  "/company/apps/new",
  "/company/audit",
  "/company/api",
  "/company/api/new",
  "/company/api/legacy/new",
];

export async function benchPages(context: Context): Promise<string[]> {
  const postgres = await startPostgres(context.folder);
  context.afterwards(postgres.stop);
  const before = heading(postgres.description);
  const url = await postgres.createDatabase("latchkey");
  const ours = await ourSubject(context, { url }, { codes: 0, tokens: 50 });
  const person = await signIn(url, ours);

  const times = ascending(await authorizeTimes(person));
  const sizes: { page: string; scripts: number; bytes: number }[] = [];
  for (const page of PAGES) {
    const scripts = await scriptsOf(person, page.replace(":app", person.app));
    const bytes = await Promise.all(scripts.map((script) => gzipBytes(new URL(script, person.origin))));
    sizes.push({ page, scripts: scripts.length, bytes: bytes.reduce((sum, one) => sum + one, 0) });
  }
  const largest = Math.max(...sizes.map(({ bytes }) => bytes)) / 1000;
  const middle = median(times);
  print([
    ...before,
    `Authorize, signed in, consent remembered, to the redirect with a code: ${REQUESTS} requests one after the other, ` +
      `median ${middle.toFixed(2)} ms, p99 ${percentile(times, 0.99).toFixed(2)} ms.`,
    "",
    ...table([
      ["script of a page", "files", "kB, gzip"],
      ...sizes.map(({ page, scripts, bytes }) => [page, scripts.toString(), (bytes / 1000).toFixed(1)]),
    ]),
    "",
    ...goalTable([
      {
        what: "authorize",
        must: `< ${MAX_MS} ms`,
        reached: `${middle.toFixed(2)} ms`,
        holds: middle < MAX_MS,
      },
      {
        what: "script of the largest settings page",
        must: `< ${MAX_KILOBYTES} kB`,
        reached: `${largest.toFixed(1)} kB`,
        holds: largest < MAX_KILOBYTES,
      },
    ]),
  ]);
  return [];
}

interface SignedIn {
  origin: string;
  cookie: string;
  /** An app of theirs, which they have allowed, too. */
  app: string;
}

/** Gives the first of the prepared people a password and all rights in their company, and signs them in. */
async function signIn(url: string, { port, fixture }: Subject): Promise<SignedIn> {
  const userId = fixture.bearers[0]?.userId;
  const app = fixture.chains[0]?.client_id;
  if (userId === undefined || app === undefined) throw new Error("nobody was prepared");
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    "UPDATE users SET email = $1, password_hash = $2, email_verified_at = now() WHERE id = $3",
    [EMAIL, hashSync(PASSWORD, 12), userId],
  );
  await client.query("UPDATE memberships SET role = 'owner' WHERE user_id = $1", [userId]);
  await client.end();
  const origin = `http://localhost:${port}`;
  const answer = await fetch(`${origin}/login/sign-in`, {
    method: "POST",
    headers: { origin },
    body: new URLSearchParams({ email: EMAIL, password: PASSWORD }),
    redirect: "manual",
  });
  const cookie = answer.headers
    .getSetCookie()
    .map((set) => set.split(";", 1)[0])
    .join("; ");
  const location = answer.headers.get("location");
  if (answer.status !== 303 || location?.includes("/login"))
    throw new Error(`sign-in answered ${answer.status}, to ${location}`);
  return { origin, cookie, app };
}

/** Milliseconds of each request, its way over loopback included. */
async function authorizeTimes({ origin, cookie, app }: SignedIn): Promise<number[]> {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: app,
    redirect_uri: REDIRECT_URI,
    scope: SCOPE,
    state: "bench",
    code_challenge: s256("a".repeat(43)),
    code_challenge_method: "S256",
  });
  const times: number[] = [];
  for (let request = 0; request < WARM_UP + REQUESTS; request++) {
    const start = performance.now();
    const answer = await fetch(`${origin}/oauth/authorize?${query}`, {
      headers: { cookie },
      redirect: "manual",
    });
    const milliseconds = performance.now() - start;
    const location = answer.headers.get("location") ?? "";
    if (answer.status !== 303 || !location.startsWith(`${REDIRECT_URI}?code=`))
      throw new Error(`authorize answered ${answer.status} ${location}`);
    if (request >= WARM_UP) times.push(milliseconds);
  }
  return times;
}

/**
 * Every script the page names: by `<script src>`, or in the data from which the page comes alive. Not the polyfills for
 * browsers without modules, which no other browser loads.
 */
async function scriptsOf({ origin, cookie }: SignedIn, page: string): Promise<string[]> {
  const answer = await fetch(origin + page, { headers: { cookie }, redirect: "manual" });
  if (answer.status !== 200) throw new Error(`${page} answered ${answer.status}`);
  const html = (await answer.text()).replaceAll(/<script[^>]*\bnomodule\b[^>]*>/gi, "");
  const named = html.match(/static\/chunks\/[^"'\\?]+\.js/g) ?? [];
  return [...new Set(named)].map((name) => `/_next/${name}`);
}

/** As many bytes as travel. */
function gzipBytes(url: URL): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { "accept-encoding": "gzip" } }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${url.pathname} answered ${answer.statusCode}`));
      let bytes = 0;
      answer.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      answer.on("end", () => resolve(bytes));
      answer.on("error", reject);
    }).on("error", reject);
  });
}
