import { expect, test } from "vitest";
import { dryRunWords } from "../../components/dry-run-words";
import { quickstartFacts } from "../../components/quickstart-facts";
import { standard } from "../../lib/oauth/policy";
import { presets } from "../../lib/oauth/presets";

const now = new Date("2026-03-10T12:00:00.000Z");
const lastAt = new Date("2026-03-09T12:00:00.000Z");
const before = presets.perpetual.policy;

test("one kind of request is an exact number", () => {
  const refusals = [{ trait: "authorize_without_pkce", count: 1, lastAt }] as const;
  expect(dryRunWords(before, { ...before, pkce: "required" }, refusals, now)).toEqual({
    title: "In the last 30 days 1 request of this app would have been refused.",
    lines: [{ words: "1 without PKCE", reason: "Proof key (PKCE), last on 9 March" }],
    note: "How long codes and tokens live is not part of the count.",
    refused: "authorize_without_pkce",
  });
});

test("several kinds are at most their sum, since one request may be of two kinds", () => {
  const refusals = [
    { trait: "authorize_without_pkce", count: 1200, lastAt },
    { trait: "authorize_without_scope", count: 34, lastAt },
  ] as const;
  const words = dryRunWords(before, { ...before, pkce: "required", default_scope: "none" }, refusals, now);
  expect(words.title).toBe("In the last 30 days up to 1,234 requests of this app would have been refused.");
  expect(words.note).toContain("Counted per kind");
  expect(words.refused.split(" ")).toHaveLength(2);
});

test("a kind that is counted more widely than it is refused is not called exact", () => {
  const refusals = [{ trait: "token_without_redirect_uri", count: 5, lastAt }] as const;
  const loose = { ...before, token_redirect_uri: "ignore_if_omitted" } as const;
  expect(dryRunWords(loose, before, refusals, now).title).toContain("up to 5 requests");
});

test("nothing refused is said, and whether the change could have refused anything", () => {
  const tighter = dryRunWords(before, { ...before, pkce: "required" }, [], now);
  expect(tighter.title).toContain("nothing this app asked for would have been refused");
  expect(tighter.refused).toBe("");
  expect(tighter.note).not.toContain("no kind of request");
  expect(dryRunWords(before, { ...before, consent: "always" }, [], now).note).toContain("no kind of request");
});

test("the quickstart has the grants of the policy, and the password grant only while it is on", () => {
  const app = { id: "abc", type: "confidential", scopes: ["read"] } as const;
  const redirect = { match: "exact", uris: ["https://a.example/cb"] } as const;
  const facts = (policy = standard) => quickstartFacts({ ...app, redirect, policy }, "https://id.example");
  expect(facts().flows).toEqual(["authorization_code"]);
  expect(facts({ ...standard, implicit: true }).flows).toEqual(["authorization_code"]);
  expect(facts({ ...standard, password: true }).flows).toEqual(["authorization_code", "password"]);
  expect(facts(presets.machine.policy)).toMatchObject({ flows: ["client_credentials"], refreshes: [] });
  expect(facts({ ...standard, client_auth: ["client_secret_post"] }).auth).toBe("post");
});
