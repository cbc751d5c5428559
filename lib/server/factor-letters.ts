/** Letters about second factors: whoever did not do what they say learns of it. */
import { brand } from "../../latchkey.config";
import type { Letter } from "./mail";

/** Where a person looks after their factors. */
const securityPage = (issuer: string) => `${issuer}/settings/security`;

function letter(issuer: string, to: string, subject: string, what: string): Letter {
  const text = `${what}

If this was not you, change your password and look through your factors:
${securityPage(issuer)}
`;
  return { to, subject: `${brand.name}: ${subject}`, text };
}

/** @param factor "a passkey named …" */
export function factorAddedLetter(issuer: string, to: string, factor: string): Letter {
  return letter(
    issuer,
    to,
    "a way to sign in was added",
    `Your account has a new way to sign in: ${factor}.`,
  );
}

export function factorRemovedLetter(issuer: string, to: string, factor: string): Letter {
  return letter(issuer, to, "a way to sign in was removed", `This was taken off your account: ${factor}.`);
}

export function codesMadeLetter(issuer: string, to: string): Letter {
  const what = "New recovery codes were made for your account. Those before no longer work.";
  return letter(issuer, to, "new recovery codes", what);
}

export function recoveryUsedLetter(issuer: string, to: string, left: number): Letter {
  const rest = left === 0 ? "None is left: make new ones." : `${left} ${left === 1 ? "is" : "are"} left.`;
  return letter(issuer, to, "a recovery code was used", `One of your recovery codes was used. ${rest}`);
}

/** Only who knows the password comes to the second step. */
export function guessingLetter(issuer: string, to: string): Letter {
  const what = `Somebody who knows your password entered many wrong codes. They have to wait now, and they are not in.`;
  return letter(issuer, to, "wrong codes after your password", what);
}

export function copiedPasskeyLetter(issuer: string, to: string): Letter {
  const what =
    "One of your passkeys was refused: its counter went back, so it may have been copied. Remove it.";
  return letter(issuer, to, "a passkey may have been copied", what);
}
