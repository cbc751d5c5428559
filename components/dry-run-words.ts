/** A dry run in words. */
import { DRY_RUN_DAYS, type Refusals } from "@/lib/db/app-policy";
import type { Policy } from "@/lib/oauth/policy";
import { newlyRefused, refusedTraits, type Trait } from "@/lib/oauth/switches";
import { counted } from "./app-words";
import type { DryRunResult } from "./dry-run";
import { dateInWords } from "./ui/time-in-words";

/** What follows a number of requests. */
const traitWords: Record<Trait, string> = {
  authorize_without_pkce: "without PKCE",
  authorize_without_state: "with neither state nor PKCE",
  authorize_without_redirect_uri: "to authorize without redirect_uri",
  authorize_without_scope: "to authorize without scope",
  authorize_implicit: "for a token without a code",
  redirect_by_domain: "with a redirect URI below the domain",
  token_authorization_code: "to exchange a code",
  token_client_credentials: "with client credentials alone",
  token_password: "with a password",
  token_without_redirect_uri: "to exchange a code without redirect_uri",
  token_without_scope: "for a token without scope",
  token_client_secret_basic: "with the secret in HTTP Basic",
  token_client_secret_post: "with the secret in the request body",
  refresh: "to refresh",
  refresh_reused: "to refresh with one token again and again",
  refresh_of_client_credentials: "to refresh what client credentials brought",
  refresh_without_client_auth: "to refresh without client authentication",
  old_access_token: "to the API with a token older than an hour",
};

/** Counted more widely than what would really be refused. */
const wide: readonly Trait[] = ["token_without_redirect_uri", "old_access_token"];

/**
 * @param refusals what `after` would have refused
 * @returns what to show; `refused` names the kinds, for the form to send back
 */
export function dryRunWords(
  before: Policy,
  after: Policy,
  refusals: readonly Refusals[],
  now: Date,
): DryRunResult {
  const reasons = refusedTraits(after);
  const total = refusals.reduce((sum, { count }) => sum + count, 0);
  const exact = refusals.length === 1 && refusals.every(({ trait }) => !wide.includes(trait));
  const requests = `${exact ? "" : "up to "}${counted(total, "request")}`;
  return {
    title:
      total === 0
        ? `In the last ${DRY_RUN_DAYS} days nothing this app asked for would have been refused.`
        : `In the last ${DRY_RUN_DAYS} days ${requests} of this app would have been refused.`,
    lines: refusals.map(({ trait, count, lastAt }) => ({
      words: `${count.toLocaleString("en-GB")} ${traitWords[trait]}`,
      reason: `${reasons.get(trait)?.title}, last on ${dateInWords(lastAt, now)}`,
    })),
    note: noteOf(before, after, refusals.length),
    refused: refusals.map(({ trait }) => trait).join(" "),
  };
}

function noteOf(before: Policy, after: Policy, kinds: number): string {
  if (kinds > 1) return "Counted per kind: a request that lacks two of these is in both counts.";
  if (kinds === 0 && newlyRefused(before, after).length === 0)
    return "This change refuses no kind of request. How long codes and tokens live is not part of the count.";
  return "How long codes and tokens live is not part of the count.";
}
