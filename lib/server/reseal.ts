/** After AUTH_SECRET was replaced: what the secret before sealed is sealed anew, so that it can be forgotten. */
import { listTotp, resealTotp } from "../db/totp";
import type { Env } from "./env";
import { noteFailure } from "./outage";
import type { Runtime } from "./runtime";
import { KEY_PURPOSE } from "./second-factor";

/** Seals anew while the server already serves, and says so in the log. Never throws. */
export async function resealAfterStart(
  { authSecretPrevious }: Env,
  rt: Pick<Runtime, "db" | "keys" | "log">,
): Promise<void> {
  if (authSecretPrevious === undefined) return;
  try {
    const count = await resealKeys(rt);
    rt.log.info(
      { count },
      "authenticator keys that AUTH_SECRET_PREVIOUS sealed were sealed with AUTH_SECRET",
    );
  } catch (error) {
    noteFailure(rt, error, "authenticator keys could not be sealed anew");
  }
}

/** How many keys are read at once. */
const BATCH = 200;

/**
 * Seals anew what the secret before the present one sealed, so that it can be forgotten.
 * @returns how many there were
 */
export async function resealKeys({ db, keys }: Pick<Runtime, "db" | "keys">): Promise<number> {
  let count = 0;
  let last = "";
  for (;;) {
    const rows = await listTotp(db, last, BATCH);
    for (const { userId, secret } of rows) {
      const key = keys.unseal(KEY_PURPOSE, userId, secret);
      if (!key?.isOld) continue;
      const sealed = keys.seal(KEY_PURPOSE, userId, key.text);
      if (await resealTotp(db, userId, secret, sealed)) count += 1;
    }
    const end = rows.at(-1);
    if (!end || rows.length < BATCH) return count;
    last = end.userId;
  }
}
