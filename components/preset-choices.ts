/** The presets as a select offers them. */
import type { Policy } from "@/lib/oauth/policy";
import { presets } from "@/lib/oauth/presets";
import { isLegacy } from "@/lib/oauth/switches";
import type { PresetChoice } from "./policy-field";

/** For server components: what reaches the browser are these words, not the policies and their schema. */
export function presetChoices(): PresetChoice[] {
  return Object.entries(presets).map(([value, { label, description, policy }]) => ({
    value,
    label,
    description,
    legacy: isLegacy(policy),
    redirects: redirectsOf(policy),
  }));
}

function redirectsOf({ grants, omit_redirect_uri }: Policy): PresetChoice["redirects"] {
  if (!grants.includes("authorization_code")) return "none";
  return omit_redirect_uri ? "one" : "many";
}
