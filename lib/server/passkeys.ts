/** Passkeys (WebAuthn level 3): what a browser is asked, and whether its answer holds. */
import { z } from "zod";
import { brand, limits } from "../../latchkey.config";
import {
  addPasskey,
  type Challenge,
  findPasskey,
  type KnownPasskey,
  listCredentials,
  takeAnswer,
} from "../db/passkeys";
import { copiedPasskeyLetter } from "./factor-letters";
import { type Ceremony, newChallenge, readChallenge } from "./passkey-challenge";
import { passkeyName } from "./passkey-name";
import type { Runtime } from "./runtime";

/** With its parsers of every attestation there is, it takes long to load: whoever has no passkeys never does. */
const webauthn = () => import("@simplewebauthn/server");

/** RFC 8152: EdDSA, ES256, RS256. */
const ALGORITHMS = [-8, -7, -257];
const TIMEOUT_MS = limits.passkeySeconds * 1000;

const base64url = z
  .string()
  .regex(/^[\w-]+$/)
  .max(8192);
const transports = z.array(z.string().regex(/^[a-z-]{1,20}$/)).max(8);
const answered = { id: base64url, rawId: base64url, type: z.literal("public-key") };
const assertionSchema = z.object({
  ...answered,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish(),
  }),
});
const attestationSchema = z.object({
  ...answered,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url.max(32_768),
    transports: transports.optional(),
  }),
});

const clientData = z.object({ challenge: base64url });

/** The host passkeys belong to. */
function relyingParty(issuer: string): string {
  return new URL(issuer).hostname;
}

/** What `navigator.credentials.get` is asked. @param userId null: whichever passkey the person picks */
export async function askForPasskey(rt: Runtime, ceremony: Ceremony, userId: string | null) {
  const known = userId === null ? [] : await listCredentials(rt.db, userId);
  return {
    challenge: newChallenge(rt, ceremony).toString("base64url"),
    rpId: relyingParty(rt.env.issuer),
    timeout: TIMEOUT_MS,
    // A passkey is both factors only where the device has checked who holds it.
    userVerification: "required" as const,
    allowCredentials: known.map((credential) => ({ ...credential, type: "public-key" as const })),
  };
}

/** What `navigator.credentials.create` is asked. */
export async function askForNewPasskey(rt: Runtime, user: { id: string; name: string; email: string }) {
  const { generateRegistrationOptions } = await webauthn();
  const options = await generateRegistrationOptions({
    rpName: brand.name,
    rpID: relyingParty(rt.env.issuer),
    userID: new Uint8Array(Buffer.from(user.id)),
    userName: user.email,
    userDisplayName: user.name,
    challenge: new Uint8Array(newChallenge(rt, { does: "add", userId: user.id })),
    timeout: TIMEOUT_MS,
    excludeCredentials: await listCredentials(rt.db, user.id),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    supportedAlgorithmIDs: ALGORITHMS,
  });
  return options;
}

/**
 * Keeps a new passkey when the answer to {@link askForNewPasskey} holds.
 * @param json the browser's answer as it was sent
 * @returns its name, until the person gives it another; null when it is not kept
 */
export async function keepPasskey(
  rt: Runtime,
  userId: string,
  json: string,
  userAgent: string,
): Promise<string | null> {
  const parsed = attestationSchema.safeParse(jsonOf(json));
  if (!parsed.success) return null;
  const { response, ...answer } = parsed.data;
  const challenge = challengeOf(rt, { does: "add", userId }, response.clientDataJSON);
  if (!challenge) return null;
  const { verifyRegistrationResponse } = await webauthn();
  const verified = await verifyRegistrationResponse({
    response: { ...answer, response, clientExtensionResults: {} },
    expectedChallenge: challenge.value,
    ...expected(rt),
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch((error: unknown) => refused(rt, error));
  if (!verified?.verified) return null;
  const { aaguid, credential, credentialBackedUp } = verified.registrationInfo;
  const name = passkeyName(aaguid, userAgent);
  const isKept = await addPasskey(rt.db, userId, {
    credentialId: credential.id,
    publicKey: credential.publicKey,
    counter: credential.counter,
    transports: response.transports ?? [],
    name,
    isSynced: credentialBackedUp,
    challenge,
  });
  return isKept ? name : null;
}

/** Whose passkey answered, once; null when the answer does not hold. @param json as it was sent */
export async function whoseAnswer(
  rt: Runtime,
  ceremony: Ceremony,
  json: string,
): Promise<KnownPasskey["user"] | null> {
  const parsed = assertionSchema.safeParse(jsonOf(json));
  if (!parsed.success) return null;
  const { response, ...answer } = parsed.data;
  const challenge = challengeOf(rt, ceremony, response.clientDataJSON);
  if (!challenge) return null;
  const passkey = await findPasskey(rt.db, answer.id);
  if (!passkey || (ceremony.does !== "sign in" && ceremony.userId !== passkey.user.id)) return null;
  // §7.2, step 6: a user handle, where there is one, must be the owner's.
  const { userHandle, ...rest } = response;
  if (userHandle && Buffer.from(userHandle, "base64url").toString() !== passkey.user.id) return null;
  const { verifyAuthenticationResponse } = await webauthn();
  const verified = await verifyAuthenticationResponse({
    response: { ...answer, response: rest, clientExtensionResults: {} },
    expectedChallenge: challenge.value,
    ...expected(rt),
    // The counter is compared by the write.
    credential: { id: answer.id, publicKey: passkey.publicKey, counter: 0 },
  }).catch((error: unknown) => refused(rt, error));
  if (!verified?.verified) return null;
  return counted(rt, passkey, verified.authenticationInfo.newCounter, challenge);
}

/** The challenge an answer names, when we gave it for this; the library compares the rest of what is in there. */
function challengeOf(rt: Runtime, ceremony: Ceremony, clientDataJSON: string): Challenge | null {
  const named = clientData.safeParse(jsonOf(Buffer.from(clientDataJSON, "base64url").toString()));
  return named.success ? readChallenge(rt, ceremony, named.data.challenge) : null;
}

async function counted(
  rt: Runtime,
  { id, user }: KnownPasskey,
  counter: number,
  challenge: Challenge,
): Promise<KnownPasskey["user"] | null> {
  const outcome = await takeAnswer(rt.db, id, counter, challenge);
  if (outcome === "copied") {
    rt.log.warn({ user: user.id, passkey: id }, "a passkey's counter went back: it may have been copied");
    rt.mail.post(copiedPasskeyLetter(rt.env.issuer, user.email));
  }
  return outcome === "used" ? user : null;
}

function expected({ env }: Runtime) {
  return {
    expectedOrigin: env.issuer,
    expectedRPID: relyingParty(env.issuer),
    requireUserVerification: true,
  };
}

/** The library throws for whatever does not hold; why is for whoever reads the log closely. */
function refused(rt: Runtime, error: unknown): null {
  rt.log.debug({ reason: error instanceof Error ? error.message : "unknown" }, "a passkey was refused");
  return null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
