import { describe, expect, test } from "vitest";
import { retirementChoice, rotationChoice } from "../../lib/server/secret-form";

const form = (fields: Record<string, string>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
};

describe("rotating", () => {
  test.each([
    [{ overlap: "0" }, { overlapSeconds: 0, silentHours: null }],
    [{ overlap: "604800" }, { overlapSeconds: 604_800, silentHours: null }],
    [
      { overlap: "604800", silent: "24" },
      { overlapSeconds: 604_800, silentHours: 24 },
    ],
  ])("%j is a choice", (fields, choice) => {
    expect(rotationChoice(form(fields))).toEqual(choice);
  });

  test.each<Record<string, string>>([
    {},
    { overlap: "" },
    { overlap: "1" },
    { overlap: "604800", silent: "1" },
    { overlap: "0\u0000" },
  ])("%j is none", (fields) => {
    expect(rotationChoice(form(fields))).toBeNull();
  });

  test("a file is none", () => {
    const data = form({ overlap: "0" });
    data.append("silent", new Blob(["24"]));
    expect(rotationChoice(data)).toBeNull();
  });
});

describe("retiring", () => {
  test.each([
    [
      { secret: "a_B-1", silent: "24" },
      { secretId: "a_B-1", silentHours: 24 },
    ],
    [
      { secret: "a_B-1", silent: "never" },
      { secretId: "a_B-1", silentHours: null },
    ],
    [{ secret: "a b", silent: "24" }, null],
    [{ secret: "a\u0000", silent: "24" }, null],
    [{ secret: "a", silent: "0" }, null],
    [{ secret: "a" }, null],
    [{ silent: "24" }, null],
  ])("%j is %j", (fields, choice) => {
    expect(retirementChoice(form(fields))).toEqual(choice);
  });
});
