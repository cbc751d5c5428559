import { expect, test } from "vitest";
import { isSameOrigin } from "../../lib/server/same-origin";
import { post } from "../support/world";

const issuer = "https://id.example";
const check = (headers: Record<string, string>) => isSameOrigin(post("", headers), issuer);

test.each<[string, Record<string, string>]>([
  ["a page of ours", { "sec-fetch-site": "same-origin", origin: issuer }],
  ["an address typed by the person", { "sec-fetch-site": "none" }],
  ["the issuer's origin in an older browser", { origin: issuer }],
  ["the host that was asked, behind a proxy", { origin: "http://10.0.0.1:3000", host: "10.0.0.1:3000" }],
  ["no browser at all", {}],
])("a form from %s is accepted", (_, headers) => {
  expect(check(headers)).toBe(true);
});

test.each<[string, Record<string, string>]>([
  ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
  ["a neighbouring subdomain", { "sec-fetch-site": "same-site", origin: "https://evil.id.example" }],
  ["another origin in an older browser", { origin: "https://evil.example" }],
  ["an origin that begins like ours", { origin: "https://id.example.evil.example" }],
  ["our name over http", { origin: "http://id.example" }],
  ["a sandboxed frame", { origin: "null" }],
  ["another site that pretends in Origin", { "sec-fetch-site": "cross-site", origin: issuer }],
  ["what is no origin", { origin: "id.example", host: "id.example" }],
])("a form from %s is refused", (_, headers) => {
  expect(check(headers)).toBe(false);
});
