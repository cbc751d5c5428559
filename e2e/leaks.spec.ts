// Somebody finds a token where it should not be, reports it, and its owner decides.

import type { Page } from "@playwright/test";
import { changeSettings } from "./support/admin.ts";
import { callApi } from "./support/api.ts";
import { devices, look, sizeOf } from "./support/look.ts";
import { expect, expectGone, test, unique } from "./support/test.ts";

const quarantine = "/settings/api-access/quarantine";

async function createToken(page: Page, name: string): Promise<string> {
  await page.goto("/settings/api-access/tokens/new");
  await page.getByLabel("Token name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Create token", exact: true }).click();
  return page.getByLabel("Personal token", { exact: true }).inputValue();
}

async function report(page: Page, text: string, source = "") {
  await page.goto("/report-leak");
  await page.getByLabel("Tokens or secrets", { exact: true }).fill(text);
  await page.getByLabel("Where you found it", { exact: true }).fill(source);
  await page.getByRole("button", { name: "Report", exact: true }).click();
  await expect(page.getByRole("status")).toContainText("Thank you");
}

const status = async (issuer: string, token: string) =>
  (await callApi(issuer, token, "GET /public/v1/me")).status;

test("A stranger without JavaScript reports a token, and it works no longer", async ({ browse, server }) => {
  const owner = await browse("owner");
  const token = await createToken(owner, unique("Backup"));
  expect(await status(server.url, token)).toBe(200);
  const stranger = await browse(null, { javaScriptEnabled: false });
  await report(stranger, `2026-11-29 DEBUG sending ${token}\n`, "https://paste.example/abc");
  expect(await status(server.url, token)).toBe(401);
  await report(stranger, "nothing that we know");
});

test.describe("with quarantine", () => {
  test.beforeEach(async ({ browse }) => changeSettings(await browse("admin"), { leaked: "Quarantine" }));
  test.afterEach(async ({ browse }) => changeSettings(await browse("admin"), { leaked: "Revoke" }));

  test("The owner sees where it was found, lets one work again and ends the other", async ({
    browse,
    server,
  }) => {
    test.slow();
    const owner = await browse("owner");
    const [wrong, right] = [unique("Wrongly reported"), unique("Really leaked")];
    const kept = await createToken(owner, wrong);
    const lost = await createToken(owner, right);
    await report(await browse(null), `${kept} and ${lost}`, "<script>alert(1)</script>");
    expect([await status(server.url, kept), await status(server.url, lost)]).toEqual([401, 401]);

    await owner.goto(quarantine);
    await expect(owner.getByText("<script>alert(1)</script>").first()).toBeVisible();
    for (const device of devices) {
      const page = await browse("owner", sizeOf(device));
      await page.goto(quarantine);
      await look(page, device, "quarantine");
    }
    const card = (name: string) => owner.getByRole("listitem").filter({ hasText: name });
    await card(wrong).getByRole("button", { name: "Let it work again", exact: true }).click();
    await owner.getByRole("dialog").getByRole("button", { name: "Let it work again", exact: true }).click();
    await expectGone(owner, card(wrong));
    await card(right).getByRole("button", { name: "Revoke", exact: true }).click();
    await owner.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
    await expectGone(owner, card(right));
    expect([await status(server.url, kept), await status(server.url, lost)]).toEqual([200, 401]);

    const member = await browse("member");
    await member.goto(quarantine);
    await expect(member.getByText("Nothing is in quarantine")).toBeVisible();
  });
});

for (const device of devices)
  test(`The report page is accessible on a ${device}`, async ({ browse }) => {
    const page = await browse(null, sizeOf(device));
    await page.goto("/report-leak");
    await look(page, device, "report-leak");
    await page.goto("/report-leak?wait=120");
    await look(page, device, "report-leak-wait");
  });
