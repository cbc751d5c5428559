/** Signing secrets sealed with the AUTH_SECRET before are sealed with the present one, before that is forgotten. */
import type { Database } from "../db/database";
import { listSealedSecrets, replaceSealedSecret } from "../db/webhook-endpoints";
import type { Keyring } from "./keyring";

/** Goes through all of them once; there is something to do only while AUTH_SECRET_PREVIOUS is named. */
export async function resealSecrets(db: Database, keys: Keyring): Promise<number> {
  if (keys.readable.length < 2) return 0;
  let resealed = 0;
  for (let after = ""; ; ) {
    const page = await listSealedSecrets(db, after);
    for (const { id, secret } of page) {
      const known = keys.unseal("webhook secret", "", secret);
      if (!known?.isOld) continue;
      const again = keys.seal("webhook secret", "", known.text);
      if (await replaceSealedSecret(db, id, secret, again)) resealed += 1;
    }
    const last = page.at(-1);
    if (!last) return resealed;
    after = last.id;
  }
}
