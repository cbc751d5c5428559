/**
 * Reports of leaked credentials, by anybody: a scanner's POST /oauth/leak-report and the form of /report-leak. The answer
 * is the same whatever was in it.
 */

import { z } from "zod";
import { brand } from "../../latchkey.config";
import { type Stopped, stopLeaked } from "../db/leaks";
import { OAuthError } from "../oauth/errors";
import { readForm, required } from "../oauth/form";
import { findCredentials } from "../oauth/leak";
import { type EndpointRequest, type EndpointResponse, json, mediaType, seeOther } from "../oauth/message";
import { decodeUtf8 } from "../oauth/params";
import { networkOf } from "./address";
import { ownForm } from "./own-form";
import type { Runtime } from "./runtime";

const MAX_SOURCE = 500;

const report = z.object({
  /** A text with credentials in it, or a list of them. */
  tokens: z.union([z.string(), z.array(z.string()).transform((list) => list.join("\n"))]),
  source: z.string().max(MAX_SOURCE).optional(),
});
type Report = z.infer<typeof report>;

/** POST /oauth/leak-report, as JSON or as a form. */
export async function leakReportEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  const given = mediaType(request) === "application/json" ? fromJson(request) : fromForm(request);
  const wait = await take(rt, request, given);
  if (wait > 0) throw tooMany(wait);
  return json(202, { received: true });
}

/** POST /report-leak/send, from the page for people. */
export async function leakFormEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  const form = ownForm(rt, request);
  const source = form.get("source")?.slice(0, MAX_SOURCE);
  const wait = await take(rt, request, { tokens: form.get("tokens") ?? "", source });
  return seeOther(wait > 0 ? `/report-leak?wait=${wait}` : "/report-leak?sent=1");
}

/** @returns 0 when the report was taken, otherwise for how many seconds this address has to wait */
async function take(rt: Runtime, request: EndpointRequest, { tokens, source }: Report): Promise<number> {
  const network = networkOf(request.address);
  const wait = await rt.leakReports.fullFor(network);
  if (wait > 0) return wait;
  await rt.leakReports.add(network);
  const credentials = findCredentials(tokens, brand.credentialPrefix);
  if (credentials.length === 0) return 0;
  const { leaked_credentials } = await rt.as.store.findInstance();
  const found = source === undefined ? null : visible(source);
  const stopped = await stopLeaked(rt.db, {
    credentials,
    source: found,
    quarantine: leaked_credentials === "quarantine",
  });
  if (stopped.length > 0) rt.log.warn({ stopped: stopped.length }, "credentials were reported as leaked");
  for (const one of stopped) tell(rt, one, found);
  return 0;
}

/** Without what would look like something else in a letter or on a page. */
function visible(text: string): string | null {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").trim() || null;
}

function tell(rt: Runtime, stopped: Stopped, source: string | null): void {
  const what = whatItIs(stopped);
  const decide = `${rt.env.issuer}/settings/api-access/quarantine`;
  const isKept = stopped.outcome === "quarantined";
  const text = [
    `Somebody reported that they found ${what}.`,
    ...(source ? [`Where, in their words: ${source}`] : []),
    "",
    isKept
      ? "It stopped working at once. Whoever has it can use it, so replace it wherever you use it. If the report is wrong, you have 30 days to let it work again:"
      : "It ended at once, for good. Make another where you used it, and look at what was done with it:",
    isKept ? decide : `${rt.env.issuer}/settings/api-access/tokens`,
  ].join("\n");
  const subject = isKept
    ? "A leaked credential of yours was stopped"
    : "A leaked credential of yours was revoked";
  for (const to of stopped.owners) rt.mail.post({ to, subject, text });
}

const words: Record<Stopped["kind"], string> = {
  access: "an access token",
  personal: "a personal token",
  legacy: "a legacy token",
  refresh: "a refresh token",
  code: "an authorization code",
  secret: "a client secret",
};

function whatItIs({ kind, last4, name, app }: Stopped): string {
  const named = name === null ? "" : ` “${name}”`;
  const end = last4 === "" ? "" : ` that ends in ${last4}`;
  return `${words[kind]}${named}${app === null ? "" : ` of the app ${app}`}${end}`;
}

function fromJson(request: EndpointRequest): Report {
  const text = decodeUtf8(request.body);
  const parsed = report.safeParse(text === null ? null : parsedOrNull(text));
  if (parsed.success) return parsed.data;
  throw new OAuthError(
    "invalid_request",
    `the body must be {"tokens": a text or a list of texts, "source": where they were found, at most ${MAX_SOURCE} characters}`,
  );
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function fromForm(request: EndpointRequest): Report {
  const form = readForm(request);
  const source = form.get("source");
  if (source !== undefined && source.length > MAX_SOURCE)
    throw new OAuthError("invalid_request", `source has at most ${MAX_SOURCE} characters`);
  return { tokens: required(form, "tokens"), source };
}

function tooMany(seconds: number): OAuthError {
  return new OAuthError("temporarily_unavailable", `too many reports; try again in ${seconds} seconds`, {
    status: 429,
    headers: { "retry-after": String(seconds) },
  });
}
