/** Presets are data: an app takes a copy when it is made or when its preset is changed. */
import { type Policy, type PresetName, standard } from "./policy";

export interface Preset {
  label: string;
  description: string;
  policy: Policy;
}

export const presets: Record<PresetName, Preset> = {
  standard: {
    label: "Standard (recommended)",
    description:
      "PKCE is required, access tokens last one hour, refresh tokens rotate. Current best practice.",
    policy: standard,
  },
  perpetual: {
    label: "Long-lived tokens",
    description:
      "Access tokens do not expire and PKCE is optional, for clients written before either was usual.",
    policy: {
      ...standard,
      preset: "perpetual",
      pkce: "if_sent",
      access_seconds: null,
      refresh: "none",
      default_scope: "registered",
      response_include: [],
      rotation_overlap_seconds: 0,
    },
  },
  single_redirect: {
    label: "Single redirect, registered scopes",
    description:
      "One redirect URI that requests may leave out, all registered scopes or none, tokens that do not expire.",
    policy: {
      ...standard,
      preset: "single_redirect",
      omit_redirect_uri: true,
      token_redirect_uri: "ignore_if_omitted",
      state: "recommended",
      pkce: "if_sent",
      code_seconds: 300,
      access_seconds: null,
      refresh: "none",
      response_include: [],
      token_type: "bearer",
      default_scope: "registered",
      scope_mismatch: "deny",
      error_status: "always_400",
    },
  },
  machine: {
    label: "Machine to machine",
    description: "No person in between: the app exchanges its ID and secret for tokens of one hour.",
    policy: { ...standard, preset: "machine", grants: ["client_credentials"], refresh: "none" },
  },
  classic: {
    label: "Classic with refresh tokens",
    description:
      "Every grant can be switched on, access tokens last 20 minutes, and a refresh token comes with each.",
    policy: {
      ...standard,
      preset: "classic",
      grants: ["authorization_code", "client_credentials"],
      pkce: "if_sent",
      access_seconds: 1200,
      refresh_for_client_credentials: true,
      refresh_without_client_auth: true,
    },
  },
  service_account: {
    label: "Service account",
    description:
      "Authorization code for people; the password grant, once switched on, for service accounts only.",
    policy: { ...standard, preset: "service_account", pkce: "if_sent" },
  },
};
