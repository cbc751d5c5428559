/** What a person proves besides the password: a code of their authenticator app, or one of their recovery codes. */
import { takeRecoveryCode } from "../db/recovery-codes";
import { findTotp, resealTotp, takeTotpStep } from "../db/totp";
import type { Params } from "../oauth/params";
import { guessingLetter, recoveryUsedLetter } from "./factor-letters";
import type { Attempt, Outcome } from "./lockout";
import type { Runtime } from "./runtime";
import { stepOf } from "./totp";

/** Seals the keys of authenticator apps. */
export const KEY_PURPOSE = "authenticator key";

/** What was typed. */
export interface TypedFactor {
  kind: "code" | "recovery";
  text: string;
}

export interface FactorOwner {
  id: string;
  email: string;
}

/** The one of the two fields that a form has. */
export function typedFactor(form: Params): TypedFactor {
  const recovery = form.get("recovery_code");
  return recovery === undefined
    ? { kind: "code", text: form.get("code") ?? "" }
    : { kind: "recovery", text: recovery };
}

/**
 * Checks and uses up what was typed. Guesses count for themselves: the password, which whoever is here knows, does not
 * give them back.
 */
export async function checkSecondFactor(
  rt: Runtime,
  owner: FactorOwner,
  typed: TypedFactor,
  from: Omit<Attempt, "account">,
): Promise<Outcome<FactorOwner>> {
  const attempt = { ...from, account: `second factor of ${owner.id}` };
  const checked = await rt.lockout.attempt(attempt, async () => {
    const isRight = typed.kind === "code" ? isCodeOf : isRecoveryCodeOf;
    return (await isRight(rt, owner, typed.text)) ? owner : null;
  });
  if (checked.outcome === "wrong" && checked.locks) {
    rt.log.warn(
      { user: owner.id, address: from.address },
      "too many wrong codes: the second step has to wait",
    );
    rt.mail.post(guessingLetter(rt.env.issuer, owner.email));
  }
  return checked;
}

async function isCodeOf(rt: Runtime, { id }: FactorOwner, text: string): Promise<boolean> {
  const sealed = await findTotp(rt.db, id);
  const key = sealed && rt.keys.unseal(KEY_PURPOSE, id, sealed);
  if (!key) {
    if (sealed) rt.log.error({ user: id }, "an authenticator key cannot be read: which secret sealed it?");
    return false;
  }
  const step = stepOf(key.text, text, rt.db.now());
  if (step === null || !(await takeTotpStep(rt.db, id, sealed, step))) return false;
  if (key.isOld) await resealTotp(rt.db, id, sealed, rt.keys.seal(KEY_PURPOSE, id, key.text));
  return true;
}

async function isRecoveryCodeOf(rt: Runtime, { id, email }: FactorOwner, text: string): Promise<boolean> {
  const left = await takeRecoveryCode(rt.db, id, text);
  if (left === null) return false;
  rt.mail.post(recoveryUsedLetter(rt.env.issuer, email, left));
  return true;
}
