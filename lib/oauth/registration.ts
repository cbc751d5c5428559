/** What a policy asks of an app's registration: the two are changed apart and must fit each other. */
import type { Policy, SwitchKey } from "./policy";
import type { RedirectRule } from "./redirect";
import type { Client } from "./types";

export interface Misfit {
  /** The switch that asks for something else. */
  key: SwitchKey;
  /** The part of the registration that is in its way. */
  part: "type" | "match" | "uris";
  /** A sentence for the app's owner. */
  problem: string;
}

/** The first thing about an app that does not fit this policy; null when all does. */
export function misfitOf(
  policy: Policy,
  { type, redirect }: { type: Client["type"]; redirect: RedirectRule },
): Misfit | null {
  const withPeople = policy.grants.includes("authorization_code");
  const none = redirect.match === "exact" && redirect.uris.length === 0;
  if (type === "public" && !withPeople)
    return {
      key: "grants",
      part: "type",
      problem: "This policy needs an app with a server: it rests on a client secret.",
    };
  if (type === "public" && policy.omit_redirect_uri)
    return {
      key: "omit_redirect_uri",
      part: "type",
      problem: "This policy needs an app with a server: it rests on a client secret.",
    };
  // RFC 9700 §4.14.2: refresh tokens of public clients MUST be sender-constrained or rotate.
  if (type === "public" && policy.refresh === "static")
    return {
      key: "refresh",
      part: "type",
      problem: "An app without a secret needs rotating refresh tokens.",
    };
  if (withPeople && none) return { key: "grants", part: "uris", problem: "Enter at least one redirect URI." };
  if (policy.omit_redirect_uri && redirect.match !== "exact")
    return { key: "omit_redirect_uri", part: "match", problem: "This policy needs one exact redirect URI." };
  if (policy.omit_redirect_uri && redirect.match === "exact" && redirect.uris.length !== 1)
    return { key: "omit_redirect_uri", part: "uris", problem: "This policy has exactly one redirect URI." };
  return null;
}
