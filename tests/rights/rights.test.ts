/**
 * Who may do what: every server action as every role, with the session, the database and the checks it really has.
 * docs/rights.md has the table that came of it; `UPDATE=1 npx vitest run tests/rights` writes it.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { root } from "../support/databases";
import { startTestServer, type TestServer } from "../support/runtime";
import { tried } from "./actions";
import { type Role, roles, type Scene, setScene } from "./scene";

/** What Next gives an action beside its arguments. */
const request = vi.hoisted(() => ({ cookie: "" }));
vi.mock("next/headers", () => ({
  headers: async () => new Headers(request.cookie === "" ? {} : { cookie: request.cookie }),
  cookies: async () => ({ get: () => undefined, set: () => {}, delete: () => {} }),
}));
vi.mock("next/cache", () => ({ revalidatePath: () => {} }));
vi.mock("next/navigation", () => {
  class Left extends Error {}
  const leave = (where: string) => {
    throw new Left(where);
  };
  return { redirect: leave, notFound: () => leave("404") };
});

type Answer = "yes" | "no" | "sign in";
type Action = (before: null, form: FormData) => Promise<unknown>;

const files = readdirSync(path.join(root, "app"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .filter((file) => readFileSync(path.join(root, "app", file), "utf8").startsWith('"use server"'))
  .sort();
/** Without the groups of a path, which say nothing about it. */
const short = (file: string) => file.replaceAll(/\([^)]*\)\//g, "");

async function actionsOf(file: string): Promise<[string, Action][]> {
  const exported: Record<string, unknown> = await import(path.join(root, "app", file));
  return Object.entries(exported).flatMap(([name, action]) =>
    typeof action === "function" ? [[`${short(file)} ${name}`, action as Action]] : [],
  );
}

let server: TestServer;
let actions: Map<string, Action>;
beforeAll(async () => {
  // One name has an address, so that it can be saved; what is sent to the other goes nowhere.
  const resolve = async (name: string) =>
    name === "saved.example" ? [{ address: "93.184.216.34", family: 4 }] : [];
  server = await startTestServer({ folder: null }, {}, { resolve });
  server.rt.passwords.hash = async () => "right";
  server.rt.passwords.verify = async (password, hash) => password === hash;
  actions = new Map((await Promise.all(files.map(actionsOf))).flat());
});
afterAll(() => server?.close());

/** What is written off a request's path: when things were used, and how often. */
const counts = ["request_counts", "request_traits", "secret_uses", "observed_redirect_uris"];
const moments = "'{last_used_at,last_used_address,last_used_agent,last_active_at}'::text[]";

/** Everything else there is, table by table. */
async function fingerprint(): Promise<Record<string, string | null>> {
  const { pool } = server.rt.db;
  const { rows: tables } = await pool.query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
  );
  const one = ({ name }: { name: string }) =>
    `SELECT '${name}' AS name, md5(string_agg(row, '' ORDER BY row)) AS sum
     FROM (SELECT md5((to_jsonb(t) - ${moments})::text) AS row FROM ${name} t) AS rows`;
  const asked = tables.filter(({ name }) => !counts.includes(name)).map(one);
  const { rows } = await pool.query<{ name: string; sum: string | null }>(asked.join(" UNION ALL "));
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]));
}

async function answerOf(action: Action, role: Role, scene: Scene, fields: FormData): Promise<Answer> {
  request.cookie = role === "nobody" ? "" : scene.people[role].cookie;
  try {
    return isOk(await action(null, fields)) ? "yes" : "no";
  } catch (error) {
    const where = error instanceof Error ? error.message : String(error);
    if (where === "404") return "no";
    if (where.startsWith("/login?next=")) return "sign in";
    if (where.startsWith("/")) return "yes";
    throw error;
  }
}

function isOk(state: unknown): boolean {
  return typeof state === "object" && state !== null && "ok" in state && state.ok === true;
}

function formOf(fields: Record<string, string | readonly string[]>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields))
    for (const one of typeof value === "string" ? [value] : value) form.append(name, one);
  return form;
}

const seen = new Map<string, Answer[]>();

describe("every server action", () => {
  test("is tried", () => {
    expect([...actions.keys()].sort()).toEqual(Object.keys(tried).sort());
  });

  test.each(Object.entries(tried))(
    "%s",
    async (name, { fields, isBeyondAForm = false }) => {
      const action = actions.get(name);
      if (!action) throw new Error("there is no such action");
      const answers: Answer[] = [];
      let scene = await setScene(server);
      for (const role of roles) {
        const before = await fingerprint();
        const answer = await answerOf(action, role, scene, formOf(fields(scene)));
        answers.push(answer);
        if (answer === "yes") scene = await setScene(server);
        else expect(await fingerprint(), `${role}: ${answer}, and yet something changed`).toEqual(before);
      }
      seen.set(name, answers);
      expect(answers[0]).toBe("sign in");
      const said = "an action that nobody may do is not tried right";
      if (!isBeyondAForm) expect(answers, said).toContain("yes");
    },
    60_000,
  );
});

test("docs/rights.md says what was seen", () => {
  const file = path.join(root, "docs", "rights.md");
  const rows = Object.entries(tried).map(
    ([name, { does }]) => `| ${does} | ${(seen.get(name) ?? []).join(" | ")} |`,
  );
  const table = [`| | ${roles.join(" | ")} |`, `|---|${roles.map(() => "---|").join("")}`, ...rows].join(
    "\n",
  );
  const [begin, end] = ["<!-- seen by tests/rights -->\n", "\n<!-- end -->"];
  const page = readFileSync(file, "utf8");
  const [head = "", rest = ""] = page.split(begin);
  const tail = rest.slice(rest.indexOf(end));
  if (process.env.UPDATE === "1") writeFileSync(file, `${head}${begin}${table}${tail}`);
  expect(readFileSync(file, "utf8")).toContain(`${begin}${table}${end}`);
});
