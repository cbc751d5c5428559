// Webhooks as a developer sets them up, and as their server gets them.

import type { Page } from "@playwright/test";
import { Webhook } from "standardwebhooks";
import { type Receiver, startReceiver } from "../tests/support/webhooks.ts";
import { heldNoise, holdAction, sendAction } from "./support/actions.ts";
import { devices, look, sizeOf } from "./support/look.ts";
import { expect, test } from "./support/test.ts";
import { visit } from "./support/visitor.ts";

const pageOf = (appId: string) => `/settings/api-access/apps/${appId}/webhooks`;

/** Fills the form in; ends on the page that shows the signing secret. */
async function addEndpoint(page: Page, appId: string, url: string, events?: readonly string[]) {
  await page.goto(pageOf(appId));
  await page.getByRole("link", { name: "Add endpoint", exact: true }).click();
  await page.getByLabel("Endpoint URL", { exact: true }).fill(url);
  if (events) {
    for (const box of await page.getByRole("checkbox").all()) await box.uncheck();
    for (const name of events) await page.getByRole("checkbox", { name, exact: true }).check();
  }
  await page.getByRole("button", { name: "Add endpoint", exact: true }).click();
  return page.getByLabel("Signing secret", { exact: true }).inputValue();
}

function verified(secret: string, { received }: Receiver, index = received.length - 1) {
  const got = received[index];
  return Object(new Webhook(secret).verify(got?.body ?? "", got?.headers ?? {}));
}

test.describe("Webhooks", () => {
  let receiver: Receiver;
  test.beforeEach(async () => {
    receiver = await startReceiver();
  });
  test.afterEach(() => receiver.close());

  test("A developer adds an endpoint, tries it, and their server hears at once that a person has revoked access", async ({
    browse,
    openClient,
    register,
    server,
  }) => {
    const client = await openClient();
    const app = await register(client);
    const page = await browse("owner");
    const secret = await addEndpoint(page, app.client_id, receiver.url);
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    await expect(page.getByText("It is not shown again.")).toBeVisible();
    await page.getByRole("link", { name: "Go to the endpoint", exact: true }).click();
    await expect(page.getByText("Nothing was sent yet")).toBeVisible();
    expect(await page.content()).not.toContain(secret);

    await test.step("a test event", async () => {
      await page.getByRole("button", { name: "Send test event", exact: true }).click();
      await expect(page.getByText(/^204 in \d+ ms$/)).toBeVisible();
      expect(verified(secret, receiver)).toMatchObject({ type: "webhook.test" });
    });

    await test.step("a person revokes access", async () => {
      const consents = await browse("member");
      await consents.goto(client.start({ scope: "read" }));
      await consents.getByRole("button", { name: "Allow", exact: true }).click();
      await expect(consents.getByRole("heading", { name: "Connected" })).toBeVisible();
      await consents.goto("/settings/api-access/consents");
      const entry = consents.getByRole("listitem").filter({ hasText: app.name }).first();
      await entry.getByRole("button", { name: "Revoke access" }).click();
      const dialog = consents.getByRole("dialog");
      await dialog.getByRole("button", { name: "Revoke access", exact: true }).click();
      await expect(dialog).toHaveCount(0);
      await expect.poll(() => receiver.received.length, { timeout: 15_000 }).toBe(2);
      const event = verified(secret, receiver);
      expect(event).toMatchObject({ type: "consent.revoked", data: { client_id: app.client_id } });
      expect(receiver.received[1]?.body).not.toContain(client.token());
      await expect
        .poll(async () => {
          await page.reload();
          return page.locator("summary").filter({ hasText: "consent.revoked" }).count();
        })
        .toBe(1);
    });
    expect(server.log()).not.toContain(secret);
  });

  test("What an endpoint answers wrongly is shown and sent again by hand, with the same id", async ({
    browse,
    openClient,
    register,
  }) => {
    const app = await register(await openClient());
    const page = await browse("owner");
    await addEndpoint(page, app.client_id, receiver.url);
    await page.getByRole("link", { name: "Go to the endpoint", exact: true }).click();
    receiver.answer = (response) => response.writeHead(410).end("<b>no longer here</b>");
    await page.getByRole("button", { name: "Send test event", exact: true }).click();
    await expect(page.getByText(/Turned off after/)).toBeVisible();
    await page.getByText("webhook.test", { exact: true }).click();
    await expect(page.getByRole("region", { name: "Answer" })).toHaveText("<b>no longer here</b>");
    await expect(page.getByRole("button", { name: "Resend" })).toHaveCount(0);

    receiver.answer = (response) => response.writeHead(200).end("thanks");
    await page.getByRole("button", { name: "Turn on", exact: true }).click();
    await expect(page.getByRole("button", { name: "Send test event", exact: true })).toBeVisible();
    const resend = page.getByRole("button", { name: "Resend", exact: true });
    if (!(await resend.isVisible())) await page.getByText("webhook.test", { exact: true }).click();
    await resend.click();
    await expect(page.getByText(/^200 in \d+ ms$/)).toBeVisible();
    const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
    expect(ids).toEqual([ids[0], ids[0]]);
  });

  test("A secret is rotated without an outage, and an endpoint is changed, turned off and deleted", async ({
    browse,
    openClient,
    register,
  }) => {
    const app = await register(await openClient());
    const page = await browse("owner");
    const secret = await addEndpoint(page, app.client_id, receiver.url, ["The app is suspended"]);
    await page.getByRole("link", { name: "Go to the endpoint", exact: true }).click();
    await expect(page.getByRole("checkbox", { name: "A token is revoked", exact: true })).not.toBeChecked();

    await page.getByRole("button", { name: "Rotate secret", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Rotate secret", exact: true }).click();
    const fresh = await page.getByLabel("Signing secret", { exact: true }).inputValue();
    expect(fresh).not.toBe(secret);
    await page.getByRole("button", { name: "Send test event", exact: true }).click();
    await expect.poll(() => receiver.received.length).toBe(1);
    for (const one of [secret, fresh])
      expect(verified(one, receiver)).toMatchObject({ type: "webhook.test" });

    await page.getByLabel("Endpoint URL", { exact: true }).fill(`${receiver.url}/v2`);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByRole("heading", { name: `${receiver.url}/v2` })).toBeVisible();

    await page.getByRole("button", { name: "Turn off", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Turn off", exact: true }).click();
    await expect(page.getByText("This endpoint is off: nothing is sent to it.")).toBeVisible();
    await page.getByRole("button", { name: "Delete endpoint", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete endpoint", exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`${pageOf(app.client_id)}$`));
    await expect(page.getByText("No endpoints yet")).toBeVisible();
  });

  test("An address that cannot be called, or no event, is said at the field", async ({
    browse,
    openClient,
    register,
  }) => {
    const app = await register(await openClient());
    const page = await browse("owner");
    await page.goto(`${pageOf(app.client_id)}/new`);
    const field = page.getByLabel("Endpoint URL", { exact: true });
    const add = page.getByRole("button", { name: "Add endpoint", exact: true });
    for (const [url, problem] of [
      ["", /Enter the URL/],
      ["hooks", /Enter a URL such as/],
      ["http://8.8.8.8/", /must begin with https/],
      ["https://me:secret@example.com/", /user name and password/],
      ["https://2130706433/", /four numbers/],
    ] as const) {
      await field.fill(url);
      await add.click();
      await expect(field).toHaveAccessibleDescription(problem);
      await expect(field).toHaveAttribute("aria-invalid", "true");
    }
    for (const box of await page.getByRole("checkbox").all()) await box.uncheck();
    await field.fill(receiver.url);
    await add.click();
    await expect(page.getByText("Choose at least one event.")).toBeVisible();
    await expect(field).toHaveValue(receiver.url);
  });

  test("Nobody reaches an endpoint of somebody else's app, by its page or by its actions", async ({
    browse,
    expectedNoise,
    openClient,
    register,
    visitor,
  }) => {
    expectedNoise.push(...heldNoise);
    const app = await register(await openClient());
    const page = await browse("owner");
    await addEndpoint(page, app.client_id, receiver.url);
    await page.getByRole("link", { name: "Go to the endpoint", exact: true }).click();
    await expect(page.getByRole("button", { name: "Send test event", exact: true })).toBeVisible();
    const path = new URL(page.url()).pathname;
    const stranger = await visitor("outsider");
    expect((await visit(stranger, path)).status).toBe(404);
    expect((await visit(stranger, pageOf(app.client_id))).status).toBe(404);
    const held = await holdAction(page, path, () =>
      page.getByRole("button", { name: "Send test event", exact: true }).click(),
    );
    await sendAction(held, stranger.cookie);
    await page.goto(path);
    await expect(page.getByText("Nothing was sent yet")).toBeVisible();
    expect(receiver.received).toEqual([]);
  });
});

for (const device of devices)
  test(`The pages of webhooks are accessible on a ${device}, empty and full`, { tag: "@once" }, async ({
    browse,
    openClient,
    register,
  }) => {
    const receiver = await startReceiver();
    const app = await register(await openClient());
    const page = await browse("owner", sizeOf(device));
    await page.goto(pageOf(app.client_id));
    await look(page, device, "webhooks-empty");
    await page.getByRole("link", { name: "Add endpoint", exact: true }).click();
    await expect(page).toHaveURL(/\/webhooks\/new$/);
    await expect(page.getByRole("button", { name: "Add endpoint", exact: true })).toBeVisible();
    await look(page, device, "webhooks-new");
    await addEndpoint(page, app.client_id, receiver.url);
    await look(page, device, "webhooks-secret");
    await page.getByRole("link", { name: "Go to the endpoint", exact: true }).click();
    await expect(page.getByText("Nothing was sent yet")).toBeVisible();
    await look(page, device, "webhooks-endpoint-empty");
    receiver.answer = (response) => response.writeHead(500).end('{"error":"out of order"}');
    for (const count of [1, 2, 3]) {
      if (count === 3) receiver.answer = (response) => response.writeHead(200).end("ok");
      await page.getByRole("button", { name: "Send test event", exact: true }).click();
      await expect(page.getByText("webhook.test", { exact: true })).toHaveCount(count);
    }
    await page.getByText("webhook.test", { exact: true }).nth(1).click();
    await look(page, device, "webhooks-endpoint");
    await addEndpoint(page, app.client_id, `${receiver.url}/a/rather/long/path/${"long/".repeat(12)}`);
    await page.goto(pageOf(app.client_id));
    await look(page, device, "webhooks-many");
    await receiver.close();
  });
