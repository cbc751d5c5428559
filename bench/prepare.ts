/** Fills a database with apps, users, consents, live tokens and unused codes, hashed as the server hashes them. */
import { randomBytes, randomFillSync } from "node:crypto";
import path from "node:path";
import { brand } from "../latchkey.config";
import { toBytes } from "../lib/db/bytes";
import { type Database, type DatabaseOptions, openDatabase } from "../lib/db/database";
import { migrate } from "../lib/db/migrate";
import { s256 } from "../lib/oauth/pkce";
import { presets } from "../lib/oauth/presets";
import { hashCredential, mint, type Random, randomId } from "../lib/oauth/tokens";

// As many apps and tokens as no round can bring to their rate limits (latchkey.config.ts), however fast it is.
const APPS = 500;
const COMPANIES = 50;
const USERS = 5000;
/** Rows of one INSERT. */
const BATCH = 5000;
const REDIRECT_URI = "https://app.example/callback";

export interface Prepared {
  /** A code with everything its exchange must present. */
  codes: {
    client_id: string;
    client_secret: string;
    code: string;
    code_verifier: string;
    redirect_uri: string;
  }[];
  /** A live token and whose it is. */
  tokens: { value: string; userId: string }[];
}

const random: Random = (bytes) => randomFillSync(new Uint8Array(bytes));
const credential = (prefix: "at" | "ac" | "cs") => mint(prefix, random, brand.credentialPrefix);
const many = <Row>(count: number, row: (index: number) => Row) =>
  Array.from({ length: count }, (_, i) => row(i));

/**
 * Migrates and fills the database, and closes it again: the embedded one belongs to one process at a time.
 * @param codes how many codes; they live for a day
 */
export async function prepare(location: DatabaseOptions["location"], codes: number): Promise<Prepared> {
  const db = await openDatabase({ location, now: () => new Date(), random });
  try {
    await migrate(db, path.resolve("prisma/migrations"));
    return await fill(db, codes);
  } finally {
    await db.close();
  }
}

async function fill(db: Database, count: number): Promise<Prepared> {
  const companies = many(COMPANIES, () => randomId(16, random));
  const apps = many(APPS, () => ({ id: randomId(24, random), secret: credential("cs") }));
  // Every user belongs to one company and has allowed one app.
  const users = many(USERS, (i) => ({
    id: randomId(16, random),
    companyId: pick(companies, i),
    app: pick(apps, i),
    consentId: randomId(16, random),
    token: credential("at"),
  }));
  const codes = many(count, (i) => {
    const code = credential("ac");
    const verifier = randomBytes(32).toString("base64url");
    return { user: pick(users, i), value: code.value, hash: code.hash, verifier };
  });

  const policy = JSON.stringify(presets.standard.policy);
  await insert(db, "companies (id, name, created_at)", "id, 'Company ' || id, now()", {
    id: ["text", companies],
  });
  await insert(
    db,
    "users (id, email, name, password_hash, created_at)",
    "id, id || '@bench.test', 'User ' || id, 'none', now()",
    { id: ["text", users.map((user) => user.id)] },
  );
  await insert(db, "memberships (user_id, company_id, role, created_at)", "u, c, 'member', now()", {
    u: ["text", users.map((user) => user.id)],
    c: ["text", users.map((user) => user.companyId)],
  });
  await insert(
    db,
    "apps (id, owner_id, name, type, policy, redirect_match, created_at)",
    "id, o, 'App ' || id, 'confidential', p::jsonb, 'exact', now()",
    {
      id: ["text", apps.map((app) => app.id)],
      o: ["text", apps.map((_, i) => pick(users, i).id)],
      p: ["text", apps.map(() => policy)],
    },
  );
  await insert(db, "redirect_uris (app_id, uri, position)", `id, '${REDIRECT_URI}', 0`, {
    id: ["text", apps.map((app) => app.id)],
  });
  await insert(db, "client_secrets (id, app_id, hash, last4, created_at)", "id, id, h, l, now()", {
    id: ["text", apps.map((app) => app.id)],
    h: ["bytea", apps.map((app) => toBytes(app.secret.hash))],
    l: ["text", apps.map((app) => app.secret.last4)],
  });
  await insert(
    db,
    "consents (id, user_id, app_id, company_id, redirect_host, scopes, created_at, updated_at)",
    "id, u, a, c, 'app.example', '{read,write}', now(), now()",
    {
      id: ["text", users.map((user) => user.consentId)],
      u: ["text", users.map((user) => user.id)],
      a: ["text", users.map((user) => user.app.id)],
      c: ["text", users.map((user) => user.companyId)],
    },
  );
  await insert(
    db,
    "tokens (hash, kind, last4, app_id, user_id, company_id, consent_id, scopes, created_at, expires_at)",
    "h, 'access', l, a, u, c, k, '{read,write}', now(), now() + interval '1 day'",
    {
      h: ["bytea", users.map((user) => toBytes(user.token.hash))],
      l: ["text", users.map((user) => user.token.last4)],
      a: ["text", users.map((user) => user.app.id)],
      u: ["text", users.map((user) => user.id)],
      c: ["text", users.map((user) => user.companyId)],
      k: ["text", users.map((user) => user.consentId)],
    },
  );
  await insert(
    db,
    `authorization_codes
      (hash, app_id, user_id, company_id, consent_id, redirect_uri, scopes, code_challenge, created_at, expires_at)`,
    `h, a, u, c, k, '${REDIRECT_URI}', '{read,write}', p, now(), now() + interval '1 day'`,
    {
      h: ["bytea", codes.map((code) => toBytes(code.hash))],
      a: ["text", codes.map((code) => code.user.app.id)],
      u: ["text", codes.map((code) => code.user.id)],
      c: ["text", codes.map((code) => code.user.companyId)],
      k: ["text", codes.map((code) => code.user.consentId)],
      p: ["text", codes.map((code) => s256(code.verifier))],
    },
  );
  await db.pool.query("ANALYZE"); // now, not in the middle of a round
  return {
    codes: codes.map(({ user, value, verifier }) => ({
      client_id: user.app.id,
      client_secret: user.app.secret.value,
      code: value,
      code_verifier: verifier,
      redirect_uri: REDIRECT_URI,
    })),
    tokens: users.map((user) => ({ value: user.token.value, userId: user.id })),
  };
}

/** Inserts a row for each element of the columns, which are of one length. */
async function insert(
  db: Database,
  into: string,
  select: string,
  columns: Record<string, [type: string, values: unknown[]]>,
): Promise<void> {
  const names = Object.keys(columns).join(", ");
  const types = Object.values(columns).map(([type], i) => `$${i + 1}::${type}[]`);
  const length = Object.values(columns)[0]?.[1].length ?? 0;
  for (let at = 0; at < length; at += BATCH) {
    await db.pool.query(
      `INSERT INTO ${into} SELECT ${select} FROM unnest(${types.join(", ")}) AS given(${names})`,
      Object.values(columns).map(([, values]) => values.slice(at, at + BATCH)),
    );
  }
}

/** What the database must hold in the end. */
export interface Outcome {
  /** Of the given tokens, how many it has. */
  found: number;
  /** Tokens that came from a code. */
  issued: number;
  /** Codes that were used. */
  consumed: number;
  /** Prepared tokens whose last use was written. */
  used: number;
}

/** Reads back what a run has left behind. */
export async function readOutcome(
  location: DatabaseOptions["location"],
  accessTokens: string[],
): Promise<Outcome> {
  const db = await openDatabase({ location, now: () => new Date(), random });
  const count = async (from: string, values: unknown[] = []) => {
    const { rows } = await db.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${from}`,
      values,
    );
    return rows[0]?.count ?? 0;
  };
  try {
    let found = 0;
    for (let at = 0; at < accessTokens.length; at += BATCH) {
      const hashes = accessTokens.slice(at, at + BATCH).map((token) => toBytes(hashCredential(token)));
      found += await count("tokens WHERE hash = ANY ($1::bytea[])", [hashes]);
    }
    return {
      found,
      issued: await count("tokens WHERE code_hash IS NOT NULL"),
      consumed: await count("authorization_codes WHERE consumed_at IS NOT NULL"),
      used: await count("tokens WHERE code_hash IS NULL AND last_used_at IS NOT NULL"),
    };
  } finally {
    await db.close();
  }
}

function pick<T>(list: readonly T[], index: number): T {
  const picked = list[index % list.length];
  if (picked === undefined) throw new Error("nothing to pick from");
  return picked;
}
