/** The presets as a select offers them. */
import { presets } from "@/lib/oauth/policy";
import type { PresetChoice } from "./policy-field";

/** For server components: what reaches the browser are these words, not the policies and their schema. */
export function presetChoices(): PresetChoice[] {
  return Object.entries(presets).map(([value, { label, description }]) => ({ value, label, description }));
}
