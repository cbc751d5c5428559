/** A passkey's authenticator in software: makes what a browser would send, and lies where a test asks it to. */
import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";

/** RFC 8152: a P-256 key for ES256, as CBOR. */
function coseKey(publicKey: KeyObject): Uint8Array {
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const point = (text: string) => new Uint8Array(Buffer.from(text, "base64url"));
  const key = new Map<number, number | Uint8Array>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, point(x)],
    [-3, point(y)],
  ]);
  return isoCBOR.encode(key);
}

const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest();
const encode = (data: Uint8Array | string) => Buffer.from(data).toString("base64url");

const PRESENT = 1;
const VERIFIED = 4;
const ATTESTED = 64;

export interface Lies {
  origin?: string;
  rpId?: string;
  challenge?: string;
  type?: string;
  /** It did not check who holds it. */
  unverified?: boolean;
  userHandle?: string | null;
}

export interface Authenticator {
  readonly credentialId: string;
  counter: number;
  /** The answer to `navigator.credentials.create`, as JSON. */
  attest(challenge: string, lies?: Lies): string;
  /** The answer to `navigator.credentials.get`, as JSON. @param userId whose passkey it is */
  assert(challenge: string, userId: string, lies?: Lies): string;
}

/** @param origin of the site it belongs to */
export function createAuthenticator(origin: string): Authenticator {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const credential = randomBytes(20);
  const credentialId = encode(credential);
  const host = new URL(origin).hostname;

  const clientData = (type: string, challenge: string, lies: Lies) => {
    const data = { type, challenge, origin, crossOrigin: false };
    return encode(
      JSON.stringify({
        ...data,
        ...(lies.origin && { origin: lies.origin }),
        ...(lies.type && { type: lies.type }),
        ...(lies.challenge && { challenge: lies.challenge }),
      }),
    );
  };
  const authenticatorData = (lies: Lies, flags: number) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(authenticator.counter);
    const verified = lies.unverified ? 0 : VERIFIED;
    return Buffer.concat([sha256(lies.rpId ?? host), Buffer.from([flags | PRESENT | verified]), counter]);
  };
  const answer = { id: credentialId, rawId: credentialId, type: "public-key", clientExtensionResults: {} };

  const authenticator: Authenticator = {
    credentialId,
    counter: 0,
    attest(challenge, lies = {}) {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(credential.length);
      const authData = Buffer.concat([
        authenticatorData(lies, ATTESTED),
        Buffer.alloc(16),
        length,
        credential,
        coseKey(publicKey),
      ]);
      const attestation = new Map<string, string | Uint8Array | Map<string, string>>([
        ["fmt", "none"],
        ["attStmt", new Map<string, string>()],
        ["authData", new Uint8Array(authData)],
      ]);
      const response = {
        clientDataJSON: clientData("webauthn.create", challenge, lies),
        attestationObject: encode(isoCBOR.encode(attestation)),
        transports: ["internal"],
      };
      return JSON.stringify({ ...answer, response });
    },
    assert(challenge, userId, lies = {}) {
      const clientDataJSON = clientData("webauthn.get", challenge, lies);
      const data = authenticatorData(lies, 0);
      const signed = Buffer.concat([data, sha256(Buffer.from(clientDataJSON, "base64url"))]);
      const signature = encode(createSign("sha256").update(signed).sign(privateKey));
      const handle = lies.userHandle === undefined ? encode(userId) : lies.userHandle;
      const response = { clientDataJSON, authenticatorData: encode(data), signature, userHandle: handle };
      return JSON.stringify({ ...answer, response });
    },
  };
  return authenticator;
}
