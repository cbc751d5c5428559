/** The letters people get: what happened, when, from where, and where to act. */
import { z } from "zod";
import { brand } from "../../latchkey.config";
import { ALWAYS, type NoticeKind, type TakenNotice } from "../db/notices";
import type { Letter } from "./mail";
import { browserInWords } from "./user-agent";

interface Words {
  subject: string;
  /** Paragraphs; a link stands on a line of its own. */
  lines: string[];
}

const credential = z.object({
  kind: z.enum(["personal", "legacy", "secret"]),
  name: z.string(),
  last4: z.string(),
  appId: z.string().optional(),
  ofCompany: z.boolean().optional(),
});
const ending = credential.extend({ endsAt: z.coerce.date() });
const made = credential.extend({ by: z.string().nullable(), scopes: z.string() });
const rotated = z.object({
  name: z.string(),
  appId: z.string(),
  ofCompany: z.boolean(),
  last4: z.string(),
  by: z.string().nullable(),
  oldEndsAt: z.coerce.date(),
});
const place = z.object({ address: z.string(), userAgent: z.string() });
const silenced = place.extend({ kinds: z.array(z.string()) });
const webhook = z.object({
  app: z.string(),
  appId: z.string(),
  endpointId: z.string(),
  url: z.string(),
  reason: z.string(),
});

/** What each kind is called where people choose. */
export const noticeTitles: Record<NoticeKind, string> = {
  sign_in: "Sign-ins from a new browser",
  token_created: "New tokens",
  secret_rotated: "Rotated secrets",
  expiry: "Tokens and secrets that end soon",
  webhook_off: "Webhook endpoints that were turned off",
};

/** @returns null for one of a kind this version does not know */
export function letterOf({ kind, details, at, name, email }: TakenNotice, issuer: string): Letter | null {
  const words = wordsOf(kind, details, at, issuer);
  if (!words) return null;
  const foot = `You choose which of these letters you get:\n${issuer}/settings/notifications`;
  const text = [`Hello ${oneLine(name)},`, ...words.lines, foot, brand.name].join("\n\n");
  return { to: email, subject: words.subject, text: `${text}\n` };
}

function wordsOf(kind: string, details: unknown, at: Date, issuer: string): Words | null {
  switch (kind) {
    case "sign_in":
      return newSignIn(place.parse(details), at, issuer);
    case "token_created":
      return newToken(made.parse(details), at, issuer);
    case "secret_rotated":
      return rotatedSecret(rotated.parse(details), at, issuer);
    case "expiry":
      return endsSoon(ending.parse(details), at, issuer);
    case "webhook_off":
      return webhookOff(webhook.parse(details), at, issuer);
    case ALWAYS:
      return switchedOff(silenced.parse(details), at, issuer);
    default:
      return null;
  }
}

function newSignIn({ address, userAgent }: z.infer<typeof place>, at: Date, issuer: string): Words {
  return {
    subject: `New sign-in to your ${brand.name} account`,
    lines: [
      "Somebody signed in to your account from a browser that had not done so before.",
      facts({ When: moment(at), Browser: browserInWords(userAgent, "an unknown browser"), Address: address }),
      "If that was you, there is nothing to do. If not, change your password at once, which signs everybody out:",
      `${issuer}/settings/profile`,
    ],
  };
}

function newToken(token: z.infer<typeof made>, at: Date, issuer: string): Words {
  const isLegacy = token.kind === "legacy";
  return {
    subject: `New ${isLegacy ? "legacy" : "personal"} token: ${oneLine(token.name)}`,
    lines: [
      isLegacy
        ? `${oneLine(token.by ?? "Somebody")} made a legacy token for your company.`
        : "A personal token was made that acts as you.",
      facts({ Name: oneLine(token.name), Token: shortName(token), "May do": token.scopes, When: moment(at) }),
      isLegacy
        ? "If nobody needs it, revoke it:"
        : "If that was not you, revoke it and change your password:",
      isLegacy ? `${issuer}/company/api` : `${issuer}/settings/api-access/tokens`,
    ],
  };
}

function rotatedSecret(secret: z.infer<typeof rotated>, at: Date, issuer: string): Words {
  const name = oneLine(secret.name);
  const isOver = secret.oldEndsAt <= at;
  return {
    subject: `New client secret for ${name}`,
    lines: [
      `${oneLine(secret.by ?? "Somebody")} rotated the client secret of ${name}.`,
      facts({
        "New secret": shortName({ kind: "secret", last4: secret.last4 }),
        When: moment(at),
        "Older secrets": isOver ? "ended at once" : `valid until ${moment(secret.oldEndsAt)}`,
      }),
      "If nobody should have done that, rotate it again and revoke the others:",
      issuer + credentialsOf(secret),
    ],
  };
}

function endsSoon(end: z.infer<typeof ending>, at: Date, issuer: string): Words {
  const what = { personal: "personal token", legacy: "legacy token", secret: "client secret" }[end.kind];
  const name = oneLine(end.name);
  const days = Math.max(Math.round((end.endsAt.getTime() - at.getTime()) / 86_400_000), 1);
  const where = {
    personal: "/settings/api-access/tokens",
    legacy: "/company/api",
    secret: credentialsOf(end),
  }[end.kind];
  return {
    subject: `${end.kind === "secret" ? `A client secret of ${name}` : name} ends in ${days === 1 ? "a day" : `${days} days`}`,
    lines: [
      `A ${what}${end.kind === "secret" ? ` of ${name}` : ""} ends soon. What uses it stops working then.`,
      facts({
        ...(end.kind === "secret" ? { App: name } : { Name: name }),
        [end.kind === "secret" ? "Secret" : "Token"]: shortName(end),
        Ends: moment(end.endsAt),
      }),
      "If it is still needed, make another one and put it in its place:",
      issuer + where,
    ],
  };
}

function webhookOff(off: z.infer<typeof webhook>, at: Date, issuer: string): Words {
  const app = oneLine(off.app);
  return {
    subject: `A webhook endpoint of ${app} was turned off`,
    lines: [
      `Nothing is sent to an endpoint of ${app} any more, because it did not answer as it should.`,
      facts({ Endpoint: off.url, "Last attempt": oneLine(off.reason), When: moment(at) }),
      "Once it is in order, turn it on again. What happened meanwhile is not sent later:",
      `${issuer}/settings/api-access/apps/${off.appId}/webhooks/${off.endpointId}`,
    ],
  };
}

function switchedOff(
  { kinds, address, userAgent }: z.infer<typeof silenced>,
  at: Date,
  issuer: string,
): Words {
  const titles = Object.entries(noticeTitles).flatMap(([kind, title]) => (kinds.includes(kind) ? title : []));
  return {
    subject: "You will get fewer letters about your account",
    lines: [
      "Letters that help you notice when somebody else is at your account were switched off.",
      facts({
        Letters: titles.join(", "),
        When: moment(at),
        Browser: browserInWords(userAgent, "an unknown browser"),
        Address: address,
      }),
      "If that was not you, change your password at once and switch them on again:",
      `${issuer}/settings/profile`,
    ],
  };
}

/** The page of an app's secrets, or of a company's own credentials. */
function credentialsOf({ appId = "", ofCompany }: { appId?: string; ofCompany?: boolean }): string {
  return ofCompany ? `/company/api/${appId}` : `/settings/api-access/apps/${appId}/credentials`;
}

function facts(pairs: Record<string, string>): string {
  const width = Math.max(...Object.keys(pairs).map((name) => name.length)) + 2;
  return Object.entries(pairs)
    .map(([name, value]) => `  ${`${name}:`.padEnd(width)} ${value || "unknown"}`)
    .join("\n");
}

const prefixes = { personal: "pat", legacy: "lt", secret: "cs" };

function shortName({ kind, last4 }: { kind: keyof typeof prefixes; last4: string }): string {
  return `${brand.credentialPrefix}${prefixes[kind]}_…${last4}`;
}

/** People's letters travel everywhere: the one time zone that means the same to all. */
function moment(at: Date): string {
  const date = at.toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });
  return `${date}, ${at.toISOString().slice(11, 16)} UTC`;
}

/** Names are other people's words: they must not write lines of their own. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
