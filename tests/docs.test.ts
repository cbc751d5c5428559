/** The pages about the APIs say what latchkey.config.ts says. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { apis, rateLimits, scopes } from "../latchkey.config";
import { endpoints } from "../lib/server/endpoints";
import { root } from "./support/databases";

const page = readFileSync(path.join(root, "docs", "api.md"), "utf8");

describe("docs/api.md", () => {
  it.each(Object.entries(apis))(
    "names the audience and every request of the API %s",
    (_, { title, path }) => {
      expect(page).toContain(`## ${title}`);
      expect(page).toContain(`\`<issuer>${path}\``);
      const paths = endpoints.filter((entry) => entry.path.startsWith(path)).map((entry) => entry.path);
      for (const one of paths) expect(page).toContain(one);
    },
  );

  it("names every scope of the catalogue", () => {
    for (const name of Object.keys(scopes)) expect(page).toContain(`\`${name}\``);
  });

  it("shows a request with its Authorization header", () => {
    expect(page).toMatch(/^Authorization: Bearer at_/m);
  });

  it("says the limits there are", () => {
    const { token, app } = rateLimits;
    const said = `"token";q=${token.requests};w=${token.seconds}, "app";q=${app.requests};w=${app.seconds}`;
    expect(page).toContain(`RateLimit-Policy: ${said}`);
    expect(page).toContain(`${token.requests.toLocaleString("en-GB")} requests a minute for each token`);
    expect(page).toContain(`${app.requests.toLocaleString("en-GB")} for each app`);
  });
});
