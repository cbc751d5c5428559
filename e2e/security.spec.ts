// What keeps people safe in their browsers: the headers of each page, forms from elsewhere, and guessing at the sign-in.

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { heldNoise, holdAction, sendAction } from "./support/actions.ts";
import { startServer } from "./support/server.ts";
import { checkAccessibility, expect, test, unique } from "./support/test.ts";
import { visit } from "./support/visitor.ts";

const app = fileURLToPath(new URL("../app", import.meta.url));

/** The path of every page there is, with something made up in the place of each parameter. */
const pages = readdirSync(app, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith("page.tsx"))
  .map((file) => file.replace(/\([^)]*\)\/|page\.tsx$/g, "").replace(/\[[^\]]+\]/g, "x"))
  .map((path) => `/${path.replace(/\/$/, "")}`)
  .sort();

test("Every page says what a browser may do with it, also one that is not there, and no script is without its nonce", async ({
  server,
  visitor,
}) => {
  expect(pages).toEqual(expect.arrayContaining(["/", "/login", "/consent", "/settings/api-access/apps"]));
  const [owner, admin] = [await visitor("owner"), await visitor("admin")];
  const nobody = { ...owner, cookie: "" };
  const nonces = new Set<string>();
  let documents = 0;
  for (const path of [
    ...pages,
    "/login?error=credentials",
    "/nowhere",
    "/settings/nowhere",
    "/consent?request=x",
  ]) {
    for (const who of [nobody, owner, ...(path.startsWith("/admin") ? [admin] : [])]) {
      const answer = await visit(who, path);
      const html = await answer.text();
      const headers = Object.fromEntries(answer.headers);
      const policy = headers["content-security-policy"] ?? "";
      expect([path, headers], path).toEqual([
        path,
        expect.objectContaining({
          "x-content-type-options": "nosniff",
          "x-frame-options": "DENY",
          "referrer-policy": "same-origin",
          "cross-origin-resource-policy": "same-origin",
          "cross-origin-opener-policy": /^\/(login|sign-up|consent)([/?]|$)/.test(path)
            ? "unsafe-none"
            : "same-origin",
          "permissions-policy": expect.stringContaining("camera=()"),
          "cache-control": expect.stringContaining("no-store"),
        }),
      ]);
      expect([path, headers["x-powered-by"], headers["access-control-allow-origin"]]).toEqual([
        path,
        undefined,
        undefined,
      ]);
      for (const rule of [
        "default-src 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "base-uri 'none'",
      ])
        expect([path, policy]).toEqual([path, expect.stringContaining(rule)]);
      const nonce = /script-src 'self' 'nonce-([\w+/=]{24})' 'strict-dynamic';/.exec(policy)?.[1] ?? "";
      expect([path, nonce, nonces.has(nonce)]).toEqual([path, expect.stringMatching(/./), false]);
      nonces.add(nonce);
      const scripts = html.match(/<script\b[^>]*>/g) ?? [];
      expect(scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
      expect(html.match(/<[a-z]+ [^>]*\bon[a-z]+="/)).toBeNull();
      if (scripts.length > 0) documents += 1;
    }
  }
  expect(documents).toBeGreaterThan(pages.length / 2);
  const login = await (await visit(nobody, "/login")).text();
  const [asset = ""] = /\/_next\/static\/[^"]+/.exec(login) ?? [];
  const file = await fetch(server.url + asset);
  expect([
    file.status,
    file.headers.get("x-content-type-options"),
    file.headers.get("cross-origin-resource-policy"),
  ]).toEqual([200, "nosniff", "same-origin"]);
});

const foreign: Record<string, string>[] = [
  { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
  { origin: "https://evil.example" },
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
  { origin: "null" },
];

test("No page takes a form or a server action from another site, whoever is signed in", async ({
  server,
  visitor,
}) => {
  const { cookie } = await visitor("admin");
  for (const path of pages)
    for (const headers of foreign) {
      const post = (more: Record<string, string>) =>
        fetch(server.url + path, {
          method: "POST",
          headers: { ...headers, ...more, cookie },
          body: new URLSearchParams({ name: "Taken over" }),
          redirect: "manual",
        });
      const [form, action] = [await post({}), await post({ "next-action": "0".repeat(42) })];
      expect([path, headers, form.status, action.status]).toEqual([path, headers, 403, 403]);
    }
});

test("A real action that is sent again from another site does nothing, and from our own page it works", async ({
  browse,
  expectedNoise,
  visitor,
}) => {
  expectedNoise.push(...heldNoise);
  const page = await browse("manager");
  const { cookie, issuer } = await visitor("manager");
  const name = unique("Renamed");
  const held = await holdAction(page, `${issuer}/settings/profile`, async () => {
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByRole("button", { name: "Save", exact: false }).first().click();
  });
  const shown = async () => {
    await page.goto(`${issuer}/settings/profile`);
    return page.getByLabel("Name", { exact: true }).inputValue();
  };
  const before = await shown();
  const answer = await sendAction(
    { ...held, headers: { ...held.headers, origin: "https://evil.example" } },
    cookie,
  );
  expect(answer).toContain("This form is not ours");
  expect(await shown()).toBe(before);
  await sendAction(held, cookie);
  expect(await shown()).toBe(name);
  await sendAction(held, cookie, [name, before]);
});

test("After too many wrong passwords the page says when to try again, also without JavaScript", async ({
  browse,
  server,
}) => {
  test.slow(); // each wrong password takes as long as a right one
  const page = await browse(null, { javaScriptEnabled: false, baseURL: server.url });
  const email = `${unique("guessed").replace(" ", "-")}@latchkey.test`;
  await page.goto("/login");
  const attempt = async () => {
    await page.getByLabel("Email", { exact: true }).fill(email);
    await page.getByLabel("Password", { exact: true }).fill("wrong");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    return page.getByRole("alert").innerText();
  };
  for (let times = 0; times < 10; times += 1) expect(await attempt()).toBe("Email or password is wrong.");
  expect(await attempt()).toMatch(/^Too many wrong passwords\. Try again in 1[45] minutes\.$/);
  await expect(page.getByLabel("Email", { exact: true })).toBeVisible();

  const withScript = await browse(null, { baseURL: server.url });
  await withScript.goto(page.url());
  const said = withScript.getByRole("alert").filter({ hasText: /./ });
  await expect(said).toHaveText(/Too many wrong passwords/);
  await checkAccessibility(withScript);
  await withScript.goto("/login?error=wait&seconds=<script>");
  await expect(said).toHaveText("Email or password is wrong.");
});

test("Behind TLS, pages and answers are https only, and forms are taken from the public address", {
  tag: "@once",
}, async ({ database }) => {
  const issuer = "https://id.example.test";
  const server = await startServer(database, { ISSUER_URL: issuer, DEMO: "0" });
  try {
    for (const path of ["/login", "/nowhere", "/healthz", "/oauth/authorize"]) {
      const answer = await fetch(server.url + path, { redirect: "manual" });
      expect([path, answer.headers.get("strict-transport-security")]).toEqual([path, "max-age=31536000"]);
    }
    const post = (origin: string) =>
      fetch(`${server.url}/login/sign-in`, {
        method: "POST",
        headers: { origin },
        body: new URLSearchParams({ email: "nobody@example.test", password: "wrong" }),
        redirect: "manual",
      });
    expect((await post(issuer)).status).toBe(303);
    expect((await post("http://id.example.test")).status).toBe(403);
    // Next compares Origin with Host, which a proxy may have changed: an action that is not known is all it complains of.
    const act = async (origin: string) => {
      const headers = { origin, "next-action": "0".repeat(42) };
      const body = new URLSearchParams({ name: "x" });
      return (await fetch(`${server.url}/settings/profile`, { method: "POST", headers, body })).text();
    };
    expect(await act(issuer)).toContain("Server Action");
    expect(await act("https://evil.example.test")).toContain("This form is not ours");
  } finally {
    await server.stop();
  }
});
