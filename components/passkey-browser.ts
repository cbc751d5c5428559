/** What a browser does with passkeys; loaded only where one is used. */
import {
  type PublicKeyCredentialCreationOptionsJSON,
  startAuthentication,
  startRegistration,
} from "@simplewebauthn/browser";

/** Asks the server what to ask the browser. @returns the browser's answer, as JSON */
export async function proveWithPasskey(purpose: "sign in" | "confirm"): Promise<string> {
  const answer = await fetch("/login/passkey/options", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ for: purpose }),
  });
  if (!answer.ok) throw new Error(`the options were refused with ${answer.status}`);
  return JSON.stringify(await startAuthentication({ optionsJSON: await answer.json() }));
}

/** @returns the new passkey, as JSON */
export async function makePasskey(options: PublicKeyCredentialCreationOptionsJSON): Promise<string> {
  return JSON.stringify(await startRegistration({ optionsJSON: options }));
}
