// A changed schema without its migration works for whoever changed it, and for nobody else.

import { expect, it } from "vitest";
import { diffSchema } from "../../scripts/steps/schema.mjs";

it("makes by migrations exactly what schema.prisma says", async () => {
  expect(await diffSchema()).toBe("");
}, 60_000);
