// Letters about what somebody owns and what acts as them, and choosing among them.

import type { Page } from "@playwright/test";
import { lettersTo } from "./support/letters.ts";
import { devices, look, sizeOf } from "./support/look.ts";
import { expect, people, test, unique } from "./support/test.ts";

const settings = "/settings/notifications";
const signIns = "Sign-ins from a new browser";
const newTokens = "New tokens";

async function createToken(page: Page, name: string) {
  await page.goto("/settings/api-access/tokens/new");
  await page.getByLabel("Token name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Create token", exact: true }).click();
  await expect(page.getByLabel("Personal token", { exact: true })).toBeVisible();
}

/** Chooses in the form and waits until that is kept. */
async function choose(page: Page, name: string, wanted: boolean) {
  await page.goto(settings);
  await page.getByRole("checkbox", { name, exact: true }).setChecked(wanted);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Notifications saved")).toBeVisible();
}

test("A new token is told by letter; switched off it no longer is, which one last letter says", async ({
  browse,
  server,
}) => {
  const page = await browse("manager");
  const about = async (part: string) =>
    (await lettersTo(server, people.manager)).filter(({ subject }) => subject.includes(part));
  const [first, second, third] = [unique("Export"), unique("Import"), unique("Report")];

  await createToken(page, first);
  await expect.poll(() => about(first), { timeout: 15_000 }).toHaveLength(1);
  const [letter] = await about(first);
  expect(letter?.text).toContain(`${server.url}/settings/api-access/tokens`);
  expect(letter?.text).toContain("pat_…");

  await page.goto("/settings/profile");
  await page.getByRole("link", { name: "Notifications", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Notifications", exact: true })).toBeVisible();
  await choose(page, newTokens, false);
  await expect.poll(() => about("fewer letters"), { timeout: 15_000 }).toHaveLength(1);
  await createToken(page, second);
  // One more letter that is always sent: once it is there, those written before it have been looked at.
  await choose(page, "Rotated secrets", false);
  await expect.poll(() => about("fewer letters"), { timeout: 15_000 }).toHaveLength(2);
  await choose(page, newTokens, true);
  await page.reload();
  await expect(page.getByRole("checkbox", { name: newTokens, exact: true })).toBeChecked();
  await createToken(page, third);
  await expect.poll(() => about(third), { timeout: 15_000 }).toHaveLength(1);
  expect(await about(second)).toHaveLength(0);
});

test("Signing in with a browser that is not known is told, and with one that is known it is not", async ({
  page,
  server,
}) => {
  const about = async (part: string) =>
    (await lettersTo(server, people.member)).filter(({ subject }) => subject.includes(part));
  const letters = () => about("New sign-in");
  const enter = async () => {
    await page.goto("/login");
    await page.getByLabel("Email", { exact: true }).fill(people.member);
    await page.getByLabel("Password", { exact: true }).fill("latchkey-demo");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.waitForURL((url) => url.pathname !== "/login");
  };
  // Letters are written in their order: what came before one about a token has arrived with it.
  const settled = async (name: string) => {
    await createToken(page, unique(name));
    await expect.poll(() => about(name), { timeout: 15_000 }).toHaveLength(1);
  };
  await enter(); // perhaps the very first one, which is told to nobody
  await settled("Before");
  await page.context().clearCookies();
  const before = (await letters()).length;
  await enter();
  await expect.poll(async () => (await letters()).length, { timeout: 15_000 }).toBe(before + 1);
  const told = await letters();
  expect(told.at(-1)?.text).toMatch(/Browser: +Chrome on \w+/);
  const session = (await page.context().cookies()).find(({ name }) => name.endsWith("latchkey.session"));
  await page.context().clearCookies({ name: session?.name ?? "" });
  await enter();
  await settled("After");
  expect(await letters()).toHaveLength(told.length);
});

test("An administrator hears of sign-ins whatever they choose", async ({ browse }) => {
  const page = await browse("admin");
  await page.goto(settings);
  const box = page.getByRole("checkbox", { name: signIns, exact: true });
  await expect(box).toBeChecked();
  await expect(box).toBeDisabled();
  await expect(box).toHaveAccessibleDescription(/Administrators always get these/);
});

for (const device of devices)
  test(`The notifications are accessible on a ${device}`, { tag: "@once" }, async ({ browse }) => {
    const page = await browse("admin", sizeOf(device));
    await page.goto(settings);
    await look(page, device, "notifications");
  });
