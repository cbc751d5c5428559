/** The administration API's description is made of the schemas it works by, and docs/ has it as it is. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { describeApi } from "../../lib/server/api/admin/openapi";
import { operations } from "../../lib/server/api/admin/operations";
import { endpoints } from "../../lib/server/endpoints";
import { root } from "../support/databases";

/** `UPDATE=1 npx vitest run tests/server/admin-openapi.test.ts` writes it. */
const file = path.join(root, "docs", "admin-v1.openapi.json");
const described = describeApi(operations, "https://id.example.com");

test("docs/admin-v1.openapi.json says what the API does", async () => {
  const text = `${JSON.stringify(described, null, 2)}\n`;
  if (process.env.UPDATE === "1") await (await import("node:fs/promises")).writeFile(file, text);
  expect(readFileSync(file, "utf8")).toBe(text);
});

describe("the description", () => {
  test("has every request of the API once, by a name of its own", () => {
    const served = endpoints
      .filter(({ path }) => path.startsWith("/admin/v1/") && !path.endsWith("openapi.json"))
      .flatMap(({ path, methods }) => Object.keys(methods).map((method) => `${method} ${path}`));
    expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(served.sort());
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  test("refers to nothing that is not in it", () => {
    const refs = [...JSON.stringify(described).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref);
    expect(new Set(refs)).toEqual(new Set(["#/components/schemas/Error"]));
  });

  test("names each parameter of a path, and a body only where one is read", () => {
    for (const { path, method, body } of operations) {
      const text = JSON.stringify(
        (described.paths as Record<string, Record<string, unknown>>)[path.replace(":id", "{id}")]?.[
          method.toLowerCase()
        ],
      );
      expect(text.includes('"in":"path"')).toBe(path.includes(":id"));
      expect(text.includes("requestBody")).toBe(body !== undefined);
    }
  });
});
