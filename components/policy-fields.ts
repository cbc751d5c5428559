/** The switches of a policy as a form offers them. */
import type { Instance } from "@/lib/oauth/instance";
import { type Policy, standard } from "@/lib/oauth/policy";
import { labelOf, type Switch, switches } from "@/lib/oauth/switches";
import { choiceValue, untilField } from "@/lib/server/policy-form";
import { policyGroups } from "./policy-groups";
import type { SwitchFacts } from "./policy-switch";

type Allowed = Pick<Instance, "implicit" | "password">;

/** For server components: what reaches the browser are words and values, not the table and its schema. */
export function policyFields(policy: Policy, allowed: Allowed): { title: string; fields: SwitchFacts[] }[] {
  return policyGroups.map(({ title, keys }) => ({
    title,
    fields: keys.flatMap((key) => {
      const line = switches.find((one) => one.key === key);
      return line ? [factsOf(line, policy, allowed)] : [];
    }),
  }));
}

function factsOf(line: Switch, policy: Policy, allowed: Allowed): SwitchFacts {
  const { key, title, choices, spec, words } = line;
  const value = choiceValue(policy[key]);
  const options = choices.map((choice) => ({ value: choiceValue(choice.value), label: choice.label }));
  const known = options.some((option) => option.value === value);
  return {
    name: key,
    title,
    spec,
    value,
    // A stored value may be another one within the schema; it can stay.
    options: known ? options : [{ value, label: words(policy) }, ...options],
    standard: choiceValue(standard[key]),
    standardLabel: labelOf(line, standard[key]),
    untilName: untilField(key),
    until: policy.until[key]?.slice(0, 10) ?? "",
    mustEnd: key === "implicit" || key === "password",
    unavailable: unavailable(key, policy, allowed),
  };
}

/** Why a switch cannot be moved here, if so. */
function unavailable(key: Switch["key"], policy: Policy, allowed: Allowed): string | null {
  if ((key === "implicit" || key === "password") && !allowed[key] && !policy[key])
    return "Switched off for this installation. An administrator can allow it.";
  const classic = key === "refresh_for_client_credentials" || key === "refresh_without_client_auth";
  return classic && policy.preset !== "classic" ? "Only Classic with refresh tokens has this." : null;
}
