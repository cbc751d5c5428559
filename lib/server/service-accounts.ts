/** The password of a service account, for the password grant; guessing is stopped by the lock-out. */
import type { Database } from "../db/database";
import { findServiceCredentials } from "../db/service-accounts";
import type { CheckServiceAccount } from "../oauth/server";
import type { Lockout } from "./lockout";
import type { Log } from "./log";
import type { Passwords } from "./password";
import { isServiceUsername } from "./service-account-form";

export interface ServiceAccountCheckOptions {
  db: Database;
  passwords: Passwords;
  lockout: Lockout;
  log: Log;
  /** Hears which API Key's account signed in. */
  used(apiKey: string): void;
}

/**
 * Whoever is not there, is a person, or is suspended costs what a wrong password costs: the same answer, the same time,
 * the same counts.
 */
export function serviceAccountCheck(options: ServiceAccountCheckOptions): CheckServiceAccount {
  const { db, passwords, lockout, log, used } = options;
  return async ({ username, password }, address) => {
    const account = username.toLowerCase();
    let user: string | undefined;
    const checked = await lockout.attempt({ account, address, device: null }, async () => {
      const found = isServiceUsername(account) ? await findServiceCredentials(db, account) : null;
      user = found?.id;
      const matches = await passwords.verify(password, found?.passwordHash ?? null);
      return found && matches ? found : null;
    });
    if (checked.outcome === "wait") return { refused: "locked", seconds: checked.seconds };
    if (checked.outcome === "wrong") {
      if (checked.locks)
        log.warn({ user, address }, "too many wrong passwords: the password grant has to wait");
      return { refused: "wrong" };
    }
    const { id, apiKey } = checked.who;
    if (apiKey !== null) used(apiKey);
    return { userId: id };
  };
}
