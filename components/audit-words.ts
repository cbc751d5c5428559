/** Every audited action in words: one table for the audit logs and for an app's activity. */
import { brand } from "@/latchkey.config";
import type { AuditAction } from "@/lib/db/audit";
import { presets } from "@/lib/oauth/presets";
import { switchChanges, switchTitles } from "./policy-activity";
import { roleWords } from "./role-words";

type Details = Record<string, unknown>;
type Line = string | false;

interface Words {
  /** What the filter calls it. */
  name: string;
  /** What somebody did, after their name. */
  title: string | ((details: Details) => string);
  /** What is worth knowing about it; never a value that is not named here. */
  lines?: (details: Details) => Line[];
}

/** By the part of the action before its dot: the groups of the filter. */
export const auditGroups: Record<string, string> = {
  app: "Apps",
  maintainer: "Apps",
  policy: "Apps",
  redirects: "Apps",
  secret: "Credentials",
  credential: "Credentials",
  token: "Tokens",
  tokens: "Tokens",
  consent: "Approvals",
  company: "Company",
  member: "Company",
  invitation: "Company",
  service_account: "Service accounts",
  user: "People",
  email: "People",
  sessions: "People",
  identity: "People",
  second_factor: "People",
  recovery_code: "People",
  recovery_codes: "People",
  password: "People",
  webhook: "Webhooks",
  settings: "Installation",
};

/** Actions another branch adds are shown by their name until they have words here. */
export const auditWords: Partial<Record<AuditAction, Words>> = {
  "app.created": {
    name: "App made",
    title: "made the app",
    lines: ({ name, preset }) => [
      said("Name", name),
      preset !== undefined && `Policy: ${presetLabel(preset)}`,
    ],
  },
  "app.updated": {
    name: "App changed",
    title: ({ preset }) =>
      preset === undefined ? "changed the app" : `changed the policy to ${presetLabel(preset)}`,
    lines: ({ name, redirect, scopes, logo, status, verified }) => [
      said("New name", name),
      said("Redirects", redirect),
      said("Scopes", scopes),
      logo === true && "New logo",
      logo === false && "Logo removed",
      status === "pending" && "Waits for approval",
      verified === false && "Its verification ended with that",
    ],
  },
  "app.deleted": { name: "App deleted", title: "deleted the app", lines: gone },
  "app.approved": { name: "App approved", title: "approved the app" },
  "app.refused": {
    name: "App refused",
    title: "refused the app",
    lines: ({ reason }) => [said("Reason", reason)],
  },
  "app.suspended": {
    name: "App suspended",
    title: "suspended the app",
    lines: ({ reason }) => [said("Reason", reason)],
  },
  "app.resumed": { name: "App resumed", title: "let the app work again" },
  "app.verified": { name: "App verified", title: "verified the app" },
  "app.unverified": { name: "Verification withdrawn", title: "took the app's verification back" },
  "app.transferred": {
    name: "App transferred",
    title: ({ to }) => (typeof to === "string" ? `transferred the app to ${to}` : "transferred the app"),
    lines: ({ tokens }) => [ended(tokens)],
  },
  "maintainer.added": {
    name: "Maintainer added",
    title: ({ name }) => `made ${person(name)} a maintainer`,
  },
  "maintainer.removed": {
    name: "Maintainer removed",
    title: ({ name }) => `removed ${person(name)} from the maintainers`,
  },
  "policy.changed": {
    name: "Policy changed",
    title: ({ preset }) =>
      preset === undefined ? "changed the policy" : `changed the policy to ${presetLabel(preset)}`,
    lines: ({ switches, status }) => [
      ...switchChanges(switches),
      status === "pending" && "Waits for approval",
    ],
  },
  "policy.lapsed": {
    name: "Policy fell back",
    title: "set switches back to Standard",
    lines: ({ switches }) => switchTitles(switches),
  },
  "redirects.pinned": {
    name: "Redirects pinned",
    title: "pinned the redirects to exact URIs",
    lines: ({ domain, redirect }) => [
      said("Redirects", redirect),
      typeof domain === "string" && `Before: ${domain} and below`,
    ],
  },
  "credential.created": {
    name: "Credentials made",
    title: "made the credentials",
    lines: ({ name, scopes }) => [said("Name", name), said("Scopes", scopes)],
  },
  "credential.deleted": { name: "Credentials revoked", title: "revoked the credentials", lines: gone },
  "secret.rotated": {
    name: "Secret rotated",
    title: "rotated the client secret",
    lines: ({ last4, overlapSeconds }) => [
      last4 !== undefined && `New secret: ${secretName(last4)}`,
      typeof overlapSeconds === "number" &&
        `Older secrets: ${overlapSeconds === 0 ? "ended at once" : `valid for ${hours(overlapSeconds)} more`}`,
    ],
  },
  "secret.revoked": {
    name: "Secret revoked",
    title: ({ last4 }) => `revoked the client secret ${secretName(last4 ?? "")}`,
  },
  "secret.retired": {
    name: "Secret retired",
    title: ({ last4 }) => `retired the client secret ${secretName(last4 ?? "")}`,
    lines: ({ silentHours }) => [silentHours !== undefined && `Nobody had used it for ${silentHours} hours`],
  },
  "secret.retirement_set": {
    name: "Secret retires when silent",
    title: ({ last4, silentHours }) =>
      silentHours === null || silentHours === undefined
        ? `keeps the old secret ${secretName(last4 ?? "")} to its date`
        : `lets the old secret ${secretName(last4 ?? "")} retire when silent for ${silentHours} hours`,
  },
  "secret.restored": {
    name: "Secret restored",
    title: ({ last4 }) => `let the client secret ${secretName(last4 ?? "")} work again`,
  },
  "secret.leaked": {
    name: "Secret reported as leaked",
    title: "reported a client secret as leaked",
    lines: ({ last4 }) => [last4 !== undefined && `Secret: ${secretName(last4)}`],
  },
  "token.created": {
    name: "Token made",
    title: ({ kind }) => `made a ${kindOf(kind)}`,
    lines: ({ name, scopes, last4 }) => [said("Name", name), said("Scopes", scopes), ending(last4)],
  },
  "token.revoked": {
    name: "Token revoked",
    title: ({ kind }) => `revoked ${kind === "access" ? "an" : "a"} ${kindOf(kind)}`,
    lines: ({ name, last4 }) => [said("Name", name), ending(last4)],
  },
  "token.regenerated": {
    name: "Token regenerated",
    title: "regenerated a personal token",
    lines: ({ name, last4 }) => [said("Name", name), ending(last4)],
  },
  "tokens.revoked": {
    name: "Tokens revoked",
    title: "revoked many credentials at once",
    lines: ({ count }) => [typeof count === "number" && `${count.toLocaleString("en-GB")} ended`],
  },
  "token.restored": {
    name: "Token restored",
    title: "let a token work again that was reported as leaked",
    lines: ({ last4 }) => [ending(last4)],
  },
  "token.leaked": {
    name: "Token reported as leaked",
    title: "reported a token as leaked",
    lines: ({ name, last4 }) => [said("Name", name), ending(last4)],
  },
  "consent.given": {
    name: "Access allowed",
    title: "allowed the app",
    lines: ({ scopes }) => [said("Scopes", Array.isArray(scopes) ? scopes.join(" ") : scopes)],
  },
  "consent.revoked": {
    name: "Access taken back",
    title: "took the app's access back",
    lines: ({ tokens }) => [ended(tokens)],
  },
  "company.created": {
    name: "Company made",
    title: "made the company",
    lines: ({ name }) => [said("Name", name)],
  },
  "company.changed": {
    name: "Company changed",
    title: "changed the company",
    lines: ({ name, before }) => [said("New name", name), said("Before", before)],
  },
  "company.plan_changed": {
    name: "Plan changed",
    title: "changed the plan",
    lines: ({ apiAccess }) => [typeof apiAccess === "boolean" && `API access: ${apiAccess ? "yes" : "no"}`],
  },
  "member.invited": {
    name: "Member invited",
    title: ({ email, again }) =>
      again === true ? `sent ${person(email)} the invitation again` : `invited ${person(email)}`,
    lines: ({ role }) => [said("Role", roleOf(role))],
  },
  "invitation.withdrawn": {
    name: "Invitation withdrawn",
    title: ({ email }) => `withdrew the invitation of ${person(email)}`,
  },
  "member.joined": {
    name: "Member joined",
    title: "joined the company",
    lines: ({ role }) => [said("Role", roleOf(role))],
  },
  "member.role_changed": {
    name: "Role changed",
    title: ({ name, role }) => `made ${person(name)} ${roleOf(role)?.toLowerCase() ?? "something else"}`,
    lines: ({ before }) => [said("Before", roleOf(before))],
  },
  "member.removed": {
    name: "Member removed",
    title: ({ name, left }) => (left === true ? "left the company" : `removed ${person(name)}`),
    lines: ({ tokens }) => [ended(tokens)],
  },
  "service_account.created": {
    name: "Service account made",
    title: "made the service account",
    lines: ({ name, scopes }) => [said("Name", name), said("Scopes", scopes)],
  },
  "service_account.changed": {
    name: "Service account changed",
    title: ({ password, status }) => {
      if (password === "reset") return "reset the service account's password";
      return status === "suspended" ? "suspended the service account" : "changed the service account";
    },
    lines: ({ status }) => [status === "active" && "It works again"],
  },
  "service_account.deleted": {
    name: "Service account deleted",
    title: "deleted the service account",
    lines: gone,
  },
  "user.created": { name: "Account made", title: "made an account", lines: about },
  "user.changed": { name: "Account changed", title: "changed an account", lines: about },
  "user.suspended": { name: "Account suspended", title: "suspended an account", lines: about },
  "user.resumed": { name: "Account resumed", title: "let an account work again", lines: about },
  "user.deleted": { name: "Account deleted", title: "deleted an account", lines: about },
  "user.admin_changed": {
    name: "Administrator changed",
    title: ({ admin }) => (admin === true ? "made an administrator" : "took administration back"),
    lines: about,
  },
  "user.invited": {
    name: "Account letter sent",
    title: "sent the letter to a new account again",
    lines: about,
  },
  "email.verified": { name: "Email confirmed", title: "confirmed an email address", lines: about },
  "email.changed": { name: "Email changed", title: "changed an email address", lines: about },
  "sessions.ended": { name: "Signed out elsewhere", title: "ended sign-ins", lines: about },
  "identity.linked": { name: "Sign-in linked", title: "linked another way to sign in" },
  "identity.unlinked": { name: "Sign-in unlinked", title: "removed another way to sign in" },
  "second_factor.added": { name: "Second step added", title: "added a second step to the sign-in" },
  "second_factor.removed": { name: "Second step removed", title: "removed a second step of the sign-in" },
  "second_factor.reset": {
    name: "Second step reset",
    title: "reset somebody's second step of the sign-in",
    lines: about,
  },
  "recovery_code.used": { name: "Recovery code used", title: "signed in with a recovery code" },
  "recovery_codes.made": { name: "Recovery codes made", title: "made new recovery codes" },
  "password.changed": {
    name: "Password changed",
    title: "changed the password",
    lines: ({ tokens }) => [typeof tokens === "number" && tokens > 0 && ended(tokens)],
  },
  "password.reset": { name: "Password reset", title: "reset the password" },
  "webhook.created": { name: "Webhook made", title: "made a webhook" },
  "webhook.changed": { name: "Webhook changed", title: "changed a webhook" },
  "webhook.deleted": { name: "Webhook deleted", title: "deleted a webhook" },
  "settings.changed": { name: "Settings changed", title: "changed the settings of the installation" },
};

/** What was done, after the name of who did it, and what is worth knowing, one line each. */
export function wordsOf({ action, details }: { action: string; details: Details }): {
  title: string;
  lines: string[];
} {
  const words = Object.entries(auditWords).find(([known]) => known === action)?.[1];
  if (!words) return { title: action.replace(/[._]/g, " "), lines: [] };
  const title = typeof words.title === "string" ? words.title : words.title(details);
  return { title, lines: (words.lines?.(details) ?? []).filter((line) => line !== false) };
}

/** The actions of the filter in their groups. @param kinds the parts before the dot that are offered; all otherwise */
export function auditChoices(
  kinds: readonly string[] = Object.keys(auditGroups),
): { label: string; options: { value: string; label: string }[] }[] {
  const groups = new Map<string, { value: string; label: string }[]>();
  for (const [action, words] of Object.entries(auditWords)) {
    const [kind = ""] = action.split(".");
    if (!words || !kinds.includes(kind)) continue;
    const label = auditGroups[kind] ?? "Other";
    const options = groups.get(label) ?? [];
    options.push({ value: action, label: words.name });
    groups.set(label, options);
  }
  return [...groups].map(([label, options]) => ({ label, options }));
}

function said(label: string, value: unknown): Line {
  return (typeof value === "string" || typeof value === "number") && `${label}: ${value}`;
}

function person(name: unknown): string {
  return typeof name === "string" && name !== "" ? name : "somebody";
}

function about({ name, email, reason }: Details): Line[] {
  return [said("Name", name), said("Email", email), said("Reason", reason)];
}

function gone({ name, tokens }: Details): Line[] {
  return [said("Name", name), ended(tokens)];
}

function ended(tokens: unknown): Line {
  return typeof tokens === "number" && `${tokens} ${tokens === 1 ? "token" : "tokens"} ended`;
}

function ending(last4: unknown): Line {
  return typeof last4 === "string" && `Ends in ${last4}`;
}

function roleOf(role: unknown): string | undefined {
  return Object.entries(roleWords).find(([known]) => known === role)?.[1].label;
}

function kindOf(kind: unknown): string {
  return kind === "personal" || kind === "legacy" || kind === "access" || kind === "refresh"
    ? `${kind} token`
    : "token";
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
