/** A lower floor never imports a higher one (house.md), and the rules know neither clock nor dice nor environment. */
import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "./support/databases";

const floors = {
  "lib/oauth/": 0,
  "lib/db/": 1,
  "lib/server/": 2,
  "app/": 3,
  "components/": 3,
  "server.ts": 3,
};
const allowedInRules = ["zod", "jose", "ipaddr.js", "node:crypto", "node:zlib"];
const world = /process\.env|Date\.now|Math\.random|new Date\(\s*\)/;

const floorOf = (file: string) => Object.entries(floors).find(([start]) => file.startsWith(start))?.[1];

/** What is wrong with one file, in words. */
function problems(file: string, source: string): string[] {
  const imports = [...source.matchAll(/(?:\bfrom|\bimport|\brequire\()\s*\(?\s*["']([^"']+)["']/g)].map(
    ([, name = ""]) => name,
  );
  const ours = imports
    .filter((name) => name.startsWith(".") || name.startsWith("@/"))
    .map((name) => (name.startsWith("@/") ? name.slice(2) : path.posix.join(path.posix.dirname(file), name)));
  const wrong = ours.filter((name) => (floorOf(name) ?? 0) > (floorOf(file) ?? 3));
  if (file.startsWith("lib/sdk/"))
    return [
      ...imports.filter((name) => !name.startsWith("./")),
      ...ours.filter((name) => !name.startsWith("lib/sdk/")),
    ];
  if (!file.startsWith("lib/oauth/")) return wrong;
  const foreign = imports.filter((name) => !name.startsWith(".") && !allowedInRules.includes(name));
  const outside = ours.filter((name) => !name.startsWith("lib/oauth/"));
  return [...wrong, ...foreign, ...outside, ...(source.match(world) ?? [])];
}

const files = ["lib", "app", "components"]
  .flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .map((name) => `${folder}/${name}`),
  )
  .filter((file) => /\.tsx?$/.test(file) && !file.startsWith("lib/db/generated/"));

test("no file imports anything above its floor", () => {
  expect(files.length).toBeGreaterThan(100);
  const found = [...files, "server.ts"].flatMap((file) =>
    problems(file, fs.readFileSync(path.join(root, file), "utf8")).map((problem) => `${file}: ${problem}`),
  );
  expect(found).toEqual([]);
});

test("the check sees what it is there to see", () => {
  expect(problems("lib/oauth/x.ts", 'import { a } from "../db/store";')).not.toEqual([]);
  expect(problems("lib/oauth/endpoints/x.ts", 'import "@/lib/server/env";')).not.toEqual([]);
  expect(problems("lib/oauth/x.ts", 'const { a } = await import("next/server");')).toEqual(["next/server"]);
  expect(problems("lib/oauth/x.ts", "const at = new Date( );")).toEqual(["new Date( )"]);
  expect(problems("lib/db/x.ts", 'export { a } from "../server/env";')).toEqual(["lib/server/env"]);
  expect(problems("lib/server/x.ts", 'import type { A } from "@/components/a";')).toEqual(["components/a"]);
  expect(problems("lib/sdk/x.ts", 'import { a } from "../oauth/tokens";')).not.toEqual([]);
  expect(problems("lib/server/x.ts", 'import { a } from "../oauth/tokens";')).toEqual([]);
});
