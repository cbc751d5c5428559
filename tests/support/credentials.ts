/** Tokens that nobody allows on a consent screen: of a credential, a person's own, a company's own. */
import { toBytes } from "../../lib/db/bytes";
import type { Database } from "../../lib/db/database";
import { mint } from "../../lib/oauth/tokens";
import { random } from "./databases";
import type { TestApp } from "./facts";
import { basic } from "./world";

/** By the client credentials grant, over HTTP. */
export async function clientToken(url: string, app: TestApp, scope?: string): Promise<string> {
  const response = await fetch(`${url}/oauth/token`, {
    method: "POST",
    headers: { authorization: basic(app) },
    body: new URLSearchParams({ grant_type: "client_credentials", ...(scope !== undefined && { scope }) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${answer.error}: ${answer.error_description}`);
  return answer.access_token;
}

interface OwnToken {
  scopes?: string[];
  expiresAt?: Date | null;
}

/** A person's own token: for one company, for all of theirs, or for none. */
export async function personalToken(
  db: Database,
  userId: string,
  { companies, scopes, expiresAt }: OwnToken & { companies: string | "all" | null },
): Promise<string> {
  const reach = companies === "all" ? { allCompanies: true } : { companyId: companies };
  return addToken(db, "pat", { kind: "personal", userId, ...reach }, { scopes, expiresAt });
}

/** A company's own token of the old kind. */
export async function legacyToken(db: Database, companyId: string, token: OwnToken = {}): Promise<string> {
  return addToken(db, "lt", { kind: "legacy", companyId }, token);
}

async function addToken(
  db: Database,
  prefix: "pat" | "lt",
  whose: { kind: "personal" | "legacy"; userId?: string; companyId?: string | null; allCompanies?: boolean },
  { scopes = ["read", "write"], expiresAt = null }: OwnToken,
): Promise<string> {
  const { value, hash, last4 } = mint(prefix, random);
  await db.prisma.token.create({
    data: {
      ...whose,
      hash: toBytes(hash),
      last4,
      name: "Test token",
      scopes,
      createdAt: db.now(),
      expiresAt,
    },
  });
  return value;
}
