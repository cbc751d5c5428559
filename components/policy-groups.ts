/** A policy's switches in the order a person reads them. */
import type { SwitchKey } from "@/lib/oauth/policy";

export const policyGroups: readonly { title: string; keys: readonly SwitchKey[] }[] = [
  {
    title: "Signing in",
    keys: [
      "grants",
      "pkce",
      "state",
      "omit_redirect_uri",
      "code_seconds",
      "consent",
      "default_scope",
      "scope_mismatch",
    ],
  },
  {
    title: "Tokens",
    keys: ["client_auth", "access_seconds", "access_idle_days", "rotation_overlap_seconds"],
  },
  {
    title: "Refreshing",
    keys: [
      "refresh",
      "refresh_seconds",
      "refresh_idle_seconds",
      "refresh_for_client_credentials",
      "refresh_without_client_auth",
    ],
  },
  { title: "Compatibility", keys: ["token_redirect_uri", "response_include", "token_type", "error_status"] },
  { title: "Legacy grants", keys: ["implicit", "password"] },
];
