import { expect, test } from "vitest";
import { defaultInstance, instanceSchema } from "../../lib/oauth/instance";

test("an installation begins without implicit, password and endless personal tokens, open to everybody", () => {
  expect(instanceSchema.parse(defaultInstance)).toEqual({
    implicit: false,
    password: false,
    registration: "open",
    endless_personal_tokens: false,
    leaked_credentials: "revoke",
    sign_up: "invitation",
  });
});

test.each<[string, Record<string, unknown>]>([
  ["another switch", { extra: true }],
  ["a word for a yes", { implicit: "on" }],
  ["a number for a yes", { password: 1 }],
  ["another way to register", { registration: "closed" }],
  ["a switch left out", { endless_personal_tokens: undefined }],
])("its settings have no place for %s", (_, wrong) => {
  expect(instanceSchema.safeParse({ ...defaultInstance, ...wrong }).success).toBe(false);
});
