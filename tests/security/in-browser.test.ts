/** RFC 9700 §4.17: an answer goes to the redirect URI and nowhere else; no page of ours talks to another window. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { authorize } from "../../lib/oauth/endpoints/authorize";
import { root } from "../support/databases";
import { authorizeFields, createWorld, encode } from "../support/world";

describe("response_mode", () => {
  test.each(["web_message", "form_post", "fragment", "query.jwt", "nonsense"])(
    "%s is refused: a code is never posted to a window or a form",
    async (response_mode) => {
      const world = createWorld();
      const app = await world.facts.addApp();
      const result = await authorize(world.as, encode(authorizeFields(app, { response_mode })));
      expect(result).toMatchObject({ outcome: "redirect", error: { code: "invalid_request" } });
    },
  );
});

test("no file of ours sends messages between windows, opens one, or reads who opened it", () => {
  const talks =
    /postMessage|onmessage|"message"|BroadcastChannel|MessageChannel|window\.(open|opener|parent|top)\b|<iframe/;
  const files = ["app", "components"].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => path.join(folder, file)),
  );
  expect(files.length).toBeGreaterThan(50);
  const talking = files.filter((file) => talks.test(readFileSync(path.join(root, file), "utf8")));
  expect(talking).toEqual([]);
});

test("no page of ours loads or is told to load anything from elsewhere, so that nothing else can read what it shows", () => {
  const policy = readFileSync(path.join(root, "proxy.ts"), "utf8");
  expect(policy).toContain(`"default-src 'self'"`);
  expect(policy).not.toMatch(/(script|connect|frame|img|style)-src[^"]*\bhttps?:/);
});
