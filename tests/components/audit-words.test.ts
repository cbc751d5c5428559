import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { auditChoices, auditGroups, auditWords, wordsOf } from "../../components/audit-words";
import { root } from "../support/databases";

/** Every action of `AuditAction`, which is a type and leaves nothing to ask when the tests run. */
const source = readFileSync(path.join(root, "lib", "db", "audit.ts"), "utf8");
const actions = [...source.matchAll(/^ {2}\| "([a-z_]+\.[a-z_]+)"/gm)].map(([, action = ""]) => action);

describe("the words of the audit log", () => {
  test("are there for every action, in a group of the filter", () => {
    expect(actions.length).toBeGreaterThan(50);
    expect(actions.filter((action) => !(action in auditWords))).toEqual([]);
    expect(actions.filter((action) => !((action.split(".")[0] ?? "") in auditGroups))).toEqual([]);
    const offered = auditChoices().flatMap(({ options }) => options.map(({ value }) => value));
    expect(offered.sort()).toEqual([...new Set(Object.keys(auditWords))].sort());
  });

  test("stand without any details, and say no more than they know of", () => {
    for (const action of actions) {
      const { title, lines } = wordsOf({ action, details: {} });
      expect(`${title} ${lines.join(" ")}`, action).not.toMatch(/undefined|null|NaN|object/);
      const secret = wordsOf({
        action,
        details: { secret: "cs_leaked", value: "cs_leaked", hash: "cs_leaked" },
      });
      expect(JSON.stringify(secret), action).not.toContain("cs_leaked");
    }
  });

  test("say what happened, and an action nobody knows by its name", () => {
    const words = (action: string, details: Record<string, unknown>) => wordsOf({ action, details });
    expect(words("member.role_changed", { name: "Mika", role: "owner", before: "member" })).toEqual({
      title: "made Mika owner",
      lines: ["Before: Member"],
    });
    expect(words("member.removed", { name: "Mika", tokens: 1 })).toEqual({
      title: "removed Mika",
      lines: ["1 token ended"],
    });
    expect(words("member.removed", { name: "Mika", left: true, tokens: 0 }).title).toBe("left the company");
    expect(words("token.created", { kind: "legacy", name: "Importer", last4: "abcd" }).title).toBe(
      "made a legacy token",
    );
    expect(words("secret.rotated", { last4: "abcd", overlapSeconds: 3600 }).lines).toEqual([
      "New secret: cs_…abcd",
      "Older secrets: valid for 1 hour more",
    ]);
    expect(words("toString", {})).toEqual({ title: "toString", lines: [] });
    expect(words("tea.made_hot", {})).toEqual({ title: "tea made hot", lines: [] });
  });
});
