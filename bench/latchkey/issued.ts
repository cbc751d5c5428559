/** What our server has issued before a run: consents, tokens, refresh tokens and codes, in bulk. */
import { randomBytes, randomFillSync } from "node:crypto";
import { brand } from "../../latchkey.config";
import { toBytes } from "../../lib/db/bytes";
import type { Database } from "../../lib/db/database";
import { s256 } from "../../lib/oauth/pkce";
import { type CredentialPrefix, type Minted, mint, orderedId, type Random } from "../../lib/oauth/tokens";
import { insertRows, many, pick } from "../rows";
import { type Amounts, CHAINS, type Credentials, type Fixture, REDIRECT_URI } from "../workloads";

export interface App {
  id: string;
  secret: Minted;
}

/** Belongs to one company and has allowed one app. */
export interface User {
  id: string;
  companyId: string;
  app: App;
  consentId: string;
}

export const random: Random = (bytes) => randomFillSync(new Uint8Array(bytes));

export const credential = (prefix: CredentialPrefix): Minted => mint(prefix, random, brand.credentialPrefix);

export const credentialsOf = (app: App): Credentials => ({
  client_id: app.id,
  client_secret: app.secret.value,
});

export async function insertIssued(
  db: Database,
  { companies, machines, users }: { companies: string[]; machines: App[]; users: User[] },
  amounts: Amounts,
): Promise<Omit<Fixture, "clients">> {
  await insertRows(
    db.pool,
    "consents (id, user_id, app_id, company_id, redirect_host, scopes, created_at, updated_at)",
    `k, u, a, c, '${new URL(REDIRECT_URI).host}', '{read,write}', now(), now()`,
    owners(users),
  );
  return {
    tokens: await insertMachineTokens(db, machines, companies, amounts.tokens),
    bearers: await insertUserTokens(db, users),
    chains: await insertChains(
      db,
      many(CHAINS, (i) => pick(users, i)),
    ),
    codes: await insertCodes(
      db,
      many(amounts.codes, (i) => pick(users, i)),
    ),
  };
}

/** Whose a row is, as columns: user, app, company, consent. */
function owners(users: User[]): Record<string, [type: string, values: unknown[]]> {
  return {
    u: ["text", users.map((user) => user.id)],
    a: ["text", users.map((user) => user.app.id)],
    c: ["text", users.map((user) => user.companyId)],
    k: ["text", users.map((user) => user.consentId)],
  };
}

/** A credential for each row, as columns. */
function credentials(minted: Minted[]): Record<string, [type: string, values: unknown[]]> {
  return {
    h: ["bytea", minted.map(({ hash }) => toBytes(hash))],
    l: ["text", minted.map(({ last4 }) => last4)],
  };
}

async function insertMachineTokens(db: Database, machines: App[], companies: string[], count: number) {
  const minted = many(count, () => credential("at"));
  await insertRows(
    db.pool,
    "tokens (hash, kind, last4, app_id, company_id, scopes, created_at, expires_at)",
    "h, 'access', l, a, c, '{read,write}', now(), now() + interval '1 day'",
    {
      ...credentials(minted),
      a: ["text", minted.map((_, i) => pick(machines, i).id)],
      c: ["text", minted.map((_, i) => companyOf(machines, companies, i))],
    },
  );
  return minted.map(({ value }, i) => ({ ...credentialsOf(pick(machines, i)), token: value }));
}

/** Machines take turns with companies, and tokens with machines. */
function companyOf(machines: App[], companies: string[], index: number): string {
  return pick(companies, index % machines.length);
}

async function insertUserTokens(db: Database, users: User[]) {
  const minted = users.map(() => credential("at"));
  await insertRows(
    db.pool,
    "tokens (hash, kind, last4, app_id, user_id, company_id, consent_id, scopes, created_at, expires_at)",
    "h, 'access', l, a, u, c, k, '{read,write}', now(), now() + interval '1 day'",
    { ...credentials(minted), ...owners(users) },
  );
  return users.map((user, i) => ({ token: pick(minted, i).value, userId: user.id }));
}

async function insertChains(db: Database, users: User[]) {
  const minted = users.map(() => credential("rt"));
  const families = users.map(() => orderedId(new Date(), random));
  await insertRows(
    db.pool,
    "refresh_families (id, grant_type, app_id, user_id, company_id, consent_id, scopes, created_at, expires_at)",
    "f, 'authorization_code', a, u, c, k, '{read,write}', now(), now() + interval '90 days'",
    { f: ["text", families], ...owners(users) },
  );
  await insertRows(
    db.pool,
    "refresh_tokens (hash, family_id, last4, created_at, expires_at)",
    "h, f, l, now(), now() + interval '30 days'",
    { ...credentials(minted), f: ["text", families] },
  );
  return users.map(({ app }, i) => ({ ...credentialsOf(app), refresh_token: pick(minted, i).value }));
}

async function insertCodes(db: Database, users: User[]) {
  const minted = users.map(() => ({ ...credential("ac"), verifier: randomBytes(32).toString("base64url") }));
  await insertRows(
    db.pool,
    `authorization_codes
      (hash, app_id, user_id, company_id, consent_id, redirect_uri, scopes, code_challenge, created_at, expires_at)`,
    `h, a, u, c, k, '${REDIRECT_URI}', '{read,write}', p, now(), now() + interval '1 day'`,
    {
      h: ["bytea", minted.map(({ hash }) => toBytes(hash))],
      ...owners(users),
      p: ["text", minted.map(({ verifier }) => s256(verifier))],
    },
  );
  return users.map(({ app }, i) => {
    const { value, verifier } = pick(minted, i);
    return { ...credentialsOf(app), code: value, code_verifier: verifier, redirect_uri: REDIRECT_URI };
  });
}
