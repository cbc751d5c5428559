/** Lists: how long the first page and a deep page of each takes in an installation that has grown. */
import path from "node:path";
import { listAllApps } from "../lib/db/all-apps";
import { listApps } from "../lib/db/apps";
import { type Database, openDatabase } from "../lib/db/database";
import { listEndedTokens } from "../lib/db/ended-token-list";
import { countInventory, listInventory } from "../lib/db/inventory";
import { migrate } from "../lib/db/migrate";
import { listTokens } from "../lib/db/token-list";
import type { Context } from "./context";
import { goalTable } from "./goals";
import { random } from "./latchkey/issued";
import { AMOUNTS, BUSY, fillAll } from "./latchkey/many-of-all";
import { startPostgres } from "./postgres";
import { say } from "./process";
import { heading, print } from "./report";
import { ascending, percentile } from "./statistics";
import { table } from "./table";

const WARM_UP = 5;
const ROUNDS = 40;
const MAX_MS = 50;
/** A deep page: so many pages after the first. */
const DEEP = 40;

/** @returns the cursor of the next page; null when there is none */
type List = (db: Database, after?: string) => Promise<string | null>;

/** Add a list here. */
const LISTS: readonly { name: string; page: List }[] = [
  { name: "one person's tokens", page: async (db, after) => (await listTokens(db, BUSY, { after })).next },
  {
    name: "one person's tokens, of one scope",
    page: async (db, after) => (await listTokens(db, BUSY, { scope: "read", after })).next,
  },
  {
    name: "one person's revoked tokens",
    page: async (db, after) => (await listEndedTokens(db, BUSY, "revoked", { after })).next,
  },
  { name: "one person's apps", page: async (db, after) => (await listApps(db, BUSY, { after })).next },
  { name: "admin: every credential", page: async (db, after) => (await listInventory(db, { after })).next },
  {
    name: "admin: personal tokens",
    page: async (db, after) => (await listInventory(db, { kind: "personal", after })).next,
  },
  {
    name: "admin: refresh tokens",
    page: async (db, after) => (await listInventory(db, { kind: "refresh", after })).next,
  },
  {
    name: "admin: client secrets",
    page: async (db, after) => (await listInventory(db, { kind: "secret", after })).next,
  },
  {
    name: "admin: of one app",
    page: async (db, after) => (await listInventory(db, { appId: "a0", after })).next,
  },
  {
    name: "admin: of one user",
    page: async (db, after) => (await listInventory(db, { userId: BUSY, after })).next,
  },
  {
    name: "admin: of one company",
    page: async (db, after) => (await listInventory(db, { companyId: "c7", after })).next,
  },
  {
    name: "admin: what has ended",
    page: async (db, after) => (await listInventory(db, { state: "ended", after })).next,
  },
  { name: "admin: every app", page: async (db, after) => (await listAllApps(db, { after })).next },
];

export async function benchLists(context: Context): Promise<string[]> {
  const postgres = await startPostgres(context.folder);
  context.afterwards(postgres.stop);
  const before = heading(postgres.description);
  const url = await postgres.createDatabase("lists");
  const db = await openDatabase({ location: { url }, now: () => new Date(), random });
  context.afterwards(() => db.close());
  await migrate(db, path.resolve("prisma/migrations"));
  say(`Filling ${AMOUNTS.tokens.toLocaleString("en")} tokens and the rest…`);
  await fillAll(url);

  const problems: string[] = [];
  const lines: string[][] = [["list", "first page ms", "p99", "deep page ms", "p99", "pages in"]];
  let slowest = 0;
  for (const { name, page } of LISTS) {
    const first = await timesOf(() => page(db));
    const { cursor, pages } = await walk(db, page);
    const deep = cursor === null ? null : await timesOf(() => page(db, cursor));
    slowest = Math.max(slowest, first.median, deep?.median ?? 0);
    lines.push([name, ...figures(first), ...(deep ? figures(deep) : ["", ""]), String(pages)]);
    if (first.median === 0) problems.push(`${name} took no time`);
  }
  const counted = await timesOf(async () => {
    await countInventory(db, { appId: "a0", until: new Date() });
    return null;
  });
  lines.push(["admin: how many one app has", ...figures(counted), "", "", "0"]);
  const { users, companies, apps, tokens, families } = AMOUNTS;
  const amounts = Object.entries({ tokens, families, apps, users, companies }).map(
    ([what, count]) => `${count.toLocaleString("en")} ${what}`,
  );
  print([
    ...before,
    `${amounts.join(", ")}. Medians of ${ROUNDS} reads of 50 rows, one after the other, warm.`,
    "",
    ...table(lines),
    "",
    ...goalTable([
      {
        what: "the slowest page of a list",
        must: `< ${MAX_MS} ms`,
        reached: `${slowest.toFixed(1)} ms`,
        holds: slowest < MAX_MS,
      },
    ]),
  ]);
  return problems;
}

async function walk(db: Database, page: List): Promise<{ cursor: string | null; pages: number }> {
  let cursor: string | null = null;
  let pages = 0;
  for (; pages < DEEP; pages++) {
    const next = await page(db, cursor ?? undefined);
    if (next === null) break;
    cursor = next;
  }
  return { cursor, pages };
}

async function timesOf(read: () => Promise<string | null>): Promise<{ median: number; p99: number }> {
  const times: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const began = performance.now();
    await read();
    if (round >= WARM_UP) times.push(performance.now() - began);
  }
  const sorted = ascending(times);
  return { median: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
}

function figures({ median, p99 }: { median: number; p99: number }): string[] {
  return [median.toFixed(1), p99.toFixed(1)];
}
