/** Signing webhooks as Standard Webhooks says (github.com/standard-webhooks, version 1). */
import { createHmac, randomBytes } from "node:crypto";

const PREFIX = "whsec_";
/** "between 24 bytes (192 bits) and 64 bytes (512 bits)" */
const SECRET_BYTES = 32;

/** A new signing secret, as the app's server is given it. */
export function newWebhookSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString("base64");
}

export interface Signed {
  id: string;
  /** When it is sent. */
  at: Date;
  body: string;
}

/** The headers that prove who sent it. @param secrets more than one while one replaces another */
export function signatureHeaders(
  { id, at, body }: Signed,
  secrets: readonly string[],
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
