/** Audit events as sentences. */

import { brand } from "@/latchkey.config";
import type { ActivityRow } from "@/lib/db/activity";
import { presets } from "@/lib/oauth/presets";
import { switchChanges, switchTitles } from "./policy-activity";

type Change = Extract<ActivityRow, { kind: "change" }>;
type Details = Change["details"];

const sentences: Record<string, (details: Details) => { title: string; lines: (string | false)[] }> = {
  "app.created": ({ name, preset }) => ({
    title: "made the app",
    lines: [`Name: ${name}`, preset !== undefined && `Policy: ${presetLabel(preset)}`],
  }),
  "app.updated": ({ name, preset, redirect, logo, status }) => ({
    title: preset === undefined ? "changed the app" : `changed the policy to ${presetLabel(preset)}`,
    lines: [
      name !== undefined && `New name: ${name}`,
      redirect !== undefined && `Redirects: ${redirect}`,
      logo === true && "New logo",
      logo === false && "Logo removed",
      status === "pending" && "Waits for approval",
    ],
  }),
  "app.approved": () => ({ title: "approved the app", lines: [] }),
  "app.refused": ({ reason }) => ({ title: "refused the app", lines: [`Reason: ${reason}`] }),
  "policy.changed": ({ preset, switches, status }) => ({
    title: preset === undefined ? "changed the policy" : `changed the policy to ${presetLabel(preset)}`,
    lines: [...switchChanges(switches), status === "pending" && "Waits for approval"],
  }),
  "policy.lapsed": ({ switches }) => ({
    title: "set switches back to Standard",
    lines: switchTitles(switches),
  }),
  "redirects.pinned": ({ domain, redirect }) => ({
    title: "pinned the redirects to exact URIs",
    lines: [`Redirects: ${redirect}`, `Before: ${domain} and below`],
  }),
  "credential.created": ({ name, scopes }) => ({
    title: "made the credentials",
    lines: [`Name: ${name}`, `Scopes: ${scopes}`],
  }),
  "secret.rotated": ({ last4, overlapSeconds }) => ({
    title: "rotated the client secret",
    lines: [
      last4 !== undefined && `New secret: ${secretName(last4)}`,
      `Older secrets: ${overlapSeconds === 0 ? "ended at once" : `valid for ${hours(Number(overlapSeconds))} more`}`,
    ],
  }),
  "secret.revoked": ({ last4 }) => ({ title: `revoked the client secret ${secretName(last4)}`, lines: [] }),
};

/** Who did what, and what is worth knowing about it, one line each. */
export function activityWords({ action, actorName, details }: Change): { title: string; lines: string[] } {
  const { title, lines } = sentences[action]?.(details) ?? { title: action, lines: [] };
  return {
    title: `${actorName ?? (action === "policy.lapsed" ? "An end date" : "Somebody")} ${title}`,
    lines: lines.filter((line): line is string => line !== false),
  };
}

function presetLabel(preset: unknown): string {
  const known = Object.entries(presets).find(([name]) => name === preset);
  return known ? known[1].label : String(preset);
}

function secretName(last4: unknown): string {
  return `${brand.credentialPrefix}cs_…${last4}`;
}

function hours(seconds: number): string {
  if (seconds >= 2 * 86_400) return `${Math.round(seconds / 86_400)} days`;
  const count = Math.round(seconds / 3600);
  return `${count} ${count === 1 ? "hour" : "hours"}`;
}
