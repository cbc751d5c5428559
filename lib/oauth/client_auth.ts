/** Which client is speaking, and how it says so (RFC 6749 §2.3.1). Whether the secret is right is decided elsewhere. */
import { decodeFormComponent, decodeUtf8, type Params } from "./params";

export type ClientAuthentication =
  | { method: "client_secret_basic" | "client_secret_post"; client_id: string; client_secret: string }
  | { method: "none"; client_id: string };

export type ClientAuthenticationProblem = {
  /** A sentence for the developer, without anything that was received. */
  problem: string;
  error: "invalid_request" | "invalid_client";
};

/** Longest `client_id` or `client_secret` in characters; ours are far shorter. */
const MAX_LENGTH = 512;

/**
 * Reads the client's identity from the `Authorization` header or the form body, never from both: RFC 6749 §2.3 allows
 * one method per request. The caller has refused repeated parameters already.
 *
 * An empty secret counts as none (§2.3.1: "The client MAY omit the parameter if the client secret is an empty
 * string"), in Basic as in the body: some libraries send `Basic base64(id:)` for a public client. The caller refuses
 * method `none` for a client that has a secret.
 *
 * @param authorization the header's value, undefined when it was not sent
 * @param params the form body
 */
export function readClientAuthentication(
  authorization: string | undefined,
  params: Params,
): ClientAuthentication | ClientAuthenticationProblem {
  if (authorization === undefined) return readBody(params);
  const [, scheme = "", credentials = ""] = /^([^ ]*) *(.*)$/s.exec(authorization) ?? [];
  if (scheme.toLowerCase() !== "basic") {
    return invalidClient(
      "Authenticate with HTTP Basic or in the form body; no other Authorization scheme is accepted here.",
    );
  }
  const client = readBasic(credentials);
  if ("problem" in client) return client;
  if (params.has("client_secret")) {
    return invalidRequest(
      "Client credentials were sent both in the Authorization header and in the body; send them once.",
    );
  }
  const named = params.get("client_id");
  if (named !== undefined && named !== client.client_id) {
    return invalidRequest("client_id in the body differs from the one in the Authorization header.");
  }
  return client;
}

function readBody(params: Params): ClientAuthentication | ClientAuthenticationProblem {
  const client_id = params.get("client_id");
  const client_secret = params.get("client_secret");
  if (client_id === undefined && client_secret === undefined) {
    return invalidClient(
      "Client authentication is missing: send client_id and client_secret with HTTP Basic or in the form body, or client_id alone for a public client.",
    );
  }
  if (client_id === undefined) return invalidRequest("client_secret was sent without client_id.");
  if (client_id.length > MAX_LENGTH) return invalidClient("client_id is too long.");
  if (client_secret === undefined) return { method: "none", client_id };
  if (client_secret.length > MAX_LENGTH) return invalidClient("client_secret is too long.");
  return { method: "client_secret_post", client_id, client_secret };
}

function readBasic(credentials: string): ClientAuthentication | ClientAuthenticationProblem {
  const text = decodeBase64(credentials);
  if (text === null) return badBasic("is not padded standard base64 of UTF-8 text");
  const colon = text.indexOf(":");
  if (colon < 0) return badBasic("has no colon between client_id and client_secret");
  // §2.3.1: each half is form-encoded before they are joined, so a colon within either arrives as %3A.
  const client_id = decodeFormComponent(text.slice(0, colon));
  const client_secret = decodeFormComponent(text.slice(colon + 1));
  if (client_id === null || client_secret === null) {
    return badBasic(
      "has invalid percent-encoding: form-encode client_id and client_secret before joining them",
    );
  }
  if (client_id === "") return badBasic("has an empty client_id");
  if (client_id.includes("\0") || client_secret.includes("\0")) return badBasic("contains a NUL character");
  if (Math.max(client_id.length, client_secret.length) > MAX_LENGTH) return badBasic("is too long");
  if (client_secret === "") return { method: "none", client_id };
  return { method: "client_secret_basic", client_id, client_secret };
}

/**
 * RFC 7617 §2 asks for the standard base64 of RFC 4648 §4, whose padding is not optional. `Buffer` forgives
 * everything, so encoding again and comparing is the check: one credential has one spelling.
 */
function decodeBase64(encoded: string): string | null {
  const bytes = Buffer.from(encoded, "base64");
  return bytes.toString("base64") === encoded ? decodeUtf8(bytes) : null;
}

function badBasic(what: string): ClientAuthenticationProblem {
  return { problem: `The Basic Authorization header ${what}.`, error: "invalid_client" };
}

function invalidClient(problem: string): ClientAuthenticationProblem {
  return { problem, error: "invalid_client" };
}

// 400 whichever way the client spoke (§5.2 names "more than one mechanism" under invalid_request): no challenge.
function invalidRequest(problem: string): ClientAuthenticationProblem {
  return { problem, error: "invalid_request" };
}
