/** What a run has left behind in our database, read when the server is gone. */
import { toBytes } from "../../lib/db/bytes";
import { type DatabaseOptions, openDatabase } from "../../lib/db/database";
import { hashCredential } from "../../lib/oauth/tokens";
import { random } from "./issued";

export interface Outcome {
  /** Of the given tokens, how many it has. */
  found: number;
  /** Tokens that came from a code or a refresh token, or were issued to a client after it was prepared. */
  issued: number;
  /** Codes and refresh tokens that were used. */
  consumed: number;
}

/** Hashes of one look-up. */
const SLICE = 5000;

/** @param accessTokens every one that was answered */
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
    for (let at = 0; at < accessTokens.length; at += SLICE) {
      const hashes = accessTokens.slice(at, at + SLICE).map((token) => toBytes(hashCredential(token)));
      found += await count("tokens WHERE hash = ANY ($1::bytea[])", [hashes]);
    }
    return {
      found,
      issued: await count("tokens"),
      consumed:
        (await count("authorization_codes WHERE consumed_at IS NOT NULL")) +
        (await count("refresh_tokens WHERE consumed_at IS NOT NULL")),
    };
  } finally {
    await db.close();
  }
}
