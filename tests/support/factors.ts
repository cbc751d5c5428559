/** People with second factors, made as short as possible. */
import type { Database } from "../../lib/db/database";
import { addPasskey } from "../../lib/db/passkeys";
import { beginTotp, confirmTotp } from "../../lib/db/totp";
import { randomId } from "../../lib/oauth/tokens";
import { random } from "./databases";

/** Gives a person an authenticator app under this sealed key. @returns their recovery codes */
export async function giveTotp(
  db: Database,
  userId: string,
  secret = new Uint8Array([1, 2, 3]),
  step = 0,
): Promise<string[]> {
  await beginTotp(db, userId, secret);
  const codes = await confirmTotp(db, userId, secret, step);
  if (codes === null) throw new Error("the set-up is gone");
  return codes;
}

/** Gives a person a passkey nobody holds. @returns its credential id */
export async function givePasskey(db: Database, userId: string, name = "Laptop"): Promise<string> {
  const credentialId = Buffer.from(random(20)).toString("base64url");
  const made = await addPasskey(db, userId, {
    ...{ credentialId, name, publicKey: new Uint8Array([1]), counter: 0, transports: [], isSynced: false },
    challenge: { value: randomId(40, random), expiresAt: db.now() },
  });
  if (!made) throw new Error("the passkey was not added");
  return credentialId;
}
