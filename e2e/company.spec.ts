// Company setup as people do it: members, invitations, the company one works for, its profile, its apps, its audit log.

import type { Page } from "@playwright/test";
import { callApi, requestToken } from "./support/api.ts";
import { devices, look as lookAt, sizeOf } from "./support/look.ts";
import { letterTo, linkIn } from "./support/outbox.ts";
import {
  checkAccessibility,
  expect,
  expectGone,
  password,
  people,
  signIn,
  test,
  unique,
} from "./support/test.ts";
import { visit } from "./support/visitor.ts";

const members = "/company/members";
const apps = "/settings/api-access/apps";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const inDialog = (page: Page, name: string) =>
  page.getByRole("dialog").getByRole("button", { name, exact: true });
const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });

let guests = 0;
const newAddress = () => `guest-${process.pid.toString(36)}-${++guests}@example.test`;

type RoleLabel = "Member" | "Auth manager" | "Owner";

/** On the owner's page: sends an invitation. */
async function invite(page: Page, email: string, role: RoleLabel = "Member") {
  await page.goto(members);
  await field(page, "Email").fill(email);
  await field(page, "Role").selectOption({ label: role });
  await button(page, "Invite member").click();
  await expect(page.getByText(`Invitation sent to ${email}`)).toBeVisible();
}

/** Makes an account by an invitation's link and ends in the company. */
async function createAccount(page: Page, link: string, name: string) {
  await page.goto(link);
  await field(page, "Name").fill(name);
  await field(page, "Password").fill(password);
  await button(page, "Create account and join").click();
  await expect(page.getByText("You belong to Northwind Labs now")).toBeVisible();
}

/** The switch in the navigation that is to be seen: the side bar's, or the open menu's. */
const companySwitch = (page: Page) => page.locator("summary:visible").filter({ hasText: "Company" });
const companyChoice = (page: Page, name: string) =>
  page.getByRole("list", { name: "Companies" }).getByRole("button", { name });

/** The row of a member in the table. */
const rowOf = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });

async function remove(page: Page, email: string) {
  await page.goto(`${members}?q=${encodeURIComponent(email)}`);
  await rowOf(page, email).getByRole("button", { name: "Remove", exact: true }).click();
  await inDialog(page, "Remove").click();
  await expectGone(page, rowOf(page, email));
}

test.describe("Invitations", () => {
  test("An owner invites somebody new, who makes an account by the link, and joins with the role that was meant", async ({
    browse,
    server,
  }) => {
    const owner = await browse("owner");
    const email = newAddress();
    await invite(owner, email, "Auth manager");
    await expect(owner.getByRole("list", { name: "Invitations that wait" })).toContainText(email);
    const link = linkIn(await letterTo(server.dataDir, email), server.url);

    // Plain forms: nothing here needs a script.
    const guest = await browse(null, { javaScriptEnabled: false });
    await guest.goto(link);
    await expect(guest.getByRole("heading", { level: 1 })).toHaveText("Join Northwind Labs");
    await expect(guest.getByText("Olivia Owner invites you.")).toBeVisible();
    await expect(guest.getByText("Auth manager", { exact: true })).toBeVisible();
    await field(guest, "Name").fill("Gina Guest");
    await field(guest, "Password").fill("é".repeat(40)); // more than bcrypt looks at
    await button(guest, "Create account and join").click();
    await expect(guest.getByText(/A password has 8 characters or more/)).toBeVisible();
    await expect(field(guest, "Name")).toHaveValue("Gina Guest");
    await field(guest, "Password").fill(password);
    await button(guest, "Create account and join").click();
    await guest.waitForURL(/\/company\//); // where a page is shown by its script
    await expect(guest.getByText("You belong to Northwind Labs now")).toBeAttached();
    await expect(guest.getByText("Auth manager", { exact: true }).first()).toBeAttached();

    await guest.goto(link);
    await expect(guest.getByRole("heading", { level: 1 })).toHaveText(
      "This invitation does not work any more",
    );
    await owner.reload();
    await expect(owner.getByText(email)).toHaveCount(1); // in the table, and no longer among those that wait
    await invite(owner, email).catch(() => undefined);
    await expect(owner.getByText("This person is a member of the company already.")).toBeVisible();
    await remove(owner, email);
  });

  test("Somebody with an account signs in first, comes back and joins; somebody else is asked to sign out", async ({
    browse,
    server,
  }) => {
    const owner = await browse("owner");
    await invite(owner, people.outsider);
    const link = linkIn(await letterTo(server.dataDir, people.outsider), server.url);

    const other = await browse("member");
    await other.goto(link);
    await expect(other.getByText(`you are signed in as ${people.member}`)).toBeVisible();
    await expect(button(other, "Join Northwind Labs")).toHaveCount(0);
    await checkAccessibility(other);

    const page = await browse(null);
    await page.goto(link);
    await page.getByRole("link", { name: "Sign in", exact: true }).click();
    await page.waitForURL(/\/login\?/);
    await signIn(page, people.outsider);
    await expect(page).toHaveURL(link);
    await button(page, "Join Northwind Labs").click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Northwind Labs");
    await companySwitch(page).click();
    await expect(page.getByRole("list", { name: "Companies" }).getByRole("button")).toHaveText([
      "FFabrikam",
      "NNorthwind Labs",
    ]);
    await remove(owner, people.outsider);
    await page.goto(members);
    await expect(page.getByText("Who belongs to Fabrikam")).toBeVisible();
  });

  test("An invitation sent again has another link, and one that was withdrawn has none", async ({
    browse,
    server,
  }) => {
    const owner = await browse("owner");
    const email = newAddress();
    await invite(owner, email);
    const first = linkIn(await letterTo(server.dataDir, email), server.url);
    await field(owner, "Email").fill(email);
    await button(owner, "Invite member").click();
    await expect(owner.getByText(/This address is invited already/)).toBeVisible();
    const entry = owner.getByRole("listitem").filter({ hasText: email });
    await entry.getByRole("button", { name: "Send again", exact: true }).click();
    await expect(owner.getByText(`Sent again to ${email}`)).toBeVisible();
    const second = linkIn(await letterTo(server.dataDir, email, 2), server.url);
    expect(second).not.toBe(first);
    const guest = await browse(null);
    await guest.goto(first);
    await expect(guest.getByText("This invitation does not work any more")).toBeVisible();
    await guest.goto(second);
    await expect(guest.getByRole("heading", { level: 1 })).toHaveText("Join Northwind Labs");

    await owner.goto(members);
    await entry.getByRole("button", { name: "Withdraw", exact: true }).click();
    await inDialog(owner, "Withdraw").click();
    await expectGone(owner, entry);
    await guest.reload();
    await expect(guest.getByText("This invitation does not work any more")).toBeVisible();
    await checkAccessibility(guest);
  });
});

test.describe("Members", () => {
  test("An owner gives a role and removes; their token for the company ends with the next request", async ({
    browse,
    server,
  }) => {
    const owner = await browse("owner");
    const email = newAddress();
    await invite(owner, email);
    const guest = await browse(null);
    await createAccount(guest, linkIn(await letterTo(server.dataDir, email), server.url), "Rolf Roles");
    await guest.goto("/settings/api-access/tokens/new");
    await field(guest, "Token name").fill("Script");
    await button(guest, "Create token").click();
    const token = await field(guest, "Personal token").inputValue();
    const workspaces = async () => (await callApi(server.url, token, "GET /public/v1/workspaces")).body;
    expect(JSON.stringify(await workspaces())).toContain("Northwind Labs");

    await guest.goto(members);
    await expect(field(guest, "Email")).toHaveCount(0);
    await expect(rowOf(guest, email).getByText("You", { exact: true })).toBeVisible();
    await expect(button(guest, "Remove")).toHaveCount(0);

    await owner.goto(`${members}?q=${encodeURIComponent(email)}`);
    const save = rowOf(owner, email).getByRole("button", { name: "Save", exact: true });
    await expect(save).toBeHidden();
    await field(owner, "Role of Rolf Roles").selectOption({ label: "Auth manager" });
    await save.click();
    await expect(owner.getByText("The role of Rolf Roles is changed")).toBeVisible();
    await expect(save).toBeHidden();
    await guest.goto("/company/api");
    await expect(button(guest, "Create OAuth credentials")).toBeVisible();

    await remove(owner, email);
    expect(JSON.stringify(await workspaces())).not.toContain("Northwind Labs");
    await guest.goto(members);
    await expect(guest.getByText("You belong to no company")).toBeVisible();
  });

  test("The last owner neither steps down nor leaves; somebody else may leave", async ({
    browse,
    server,
  }) => {
    const owner = await browse(null);
    await signIn(owner, people.owner); // a moment ago: leaving asks for that
    const email = newAddress();
    await invite(owner, email);
    await owner.goto(`${members}?q=${encodeURIComponent(people.owner)}`);
    await field(owner, "Role of Olivia Owner").selectOption({ label: "Member" });
    await button(owner, "Save").click();
    await expect(owner.getByText(/A company keeps at least one owner/)).toBeVisible();
    await expect(field(owner, "Role of Olivia Owner")).toHaveValue("owner");
    await button(owner, "Leave").click();
    await inDialog(owner, "Leave company").click();
    await expect(owner.getByRole("dialog").getByText(/A company keeps at least one owner/)).toBeVisible();

    const guest = await browse(null);
    await createAccount(guest, linkIn(await letterTo(server.dataDir, email), server.url), "Lea Leaver");
    await guest.goto(`${members}?q=${encodeURIComponent(email)}`);
    await button(guest, "Leave").click();
    await inDialog(guest, "Leave company").click();
    await expect(guest).toHaveURL(/\/settings\/profile$/);
    await expect(guest.getByText("You belong to no company.")).toBeVisible();
  });
});

test.describe("The company one works for", () => {
  test("is changed in the navigation, and every page follows", async ({ browse }) => {
    const page = await browse(null);
    await signIn(page, people.owner);
    await page.goto("/company/api");
    await expect(page.getByText(/projects of Northwind Labs/)).toBeVisible();
    await companySwitch(page).click();
    await companyChoice(page, "Quarry Works").click();
    await expect(page).toHaveURL(/\/company\/api$/);
    await expect(page.getByText(/projects of Quarry Works/)).toBeVisible();
    await expect(page.getByText("Only owners and auth managers manage the API")).toBeVisible();
    for (const path of ["profile", "members", "apps", "audit"]) {
      await page.goto(`/company/${path}`);
      await expect(page.locator("main")).toContainText("Quarry Works");
    }
    await expect(page.getByText("Only owners and auth managers see the audit log")).toBeVisible();
    await page.goto("/settings/profile");
    await companySwitch(page).click();
    await companyChoice(page, "Northwind Labs").click();
    await expect(page).toHaveURL(/\/settings\/profile$/);
  });

  test("is nothing to choose for who has one company, or none", async ({ browse }) => {
    for (const who of ["manager", "admin"] as const) {
      const page = await browse(who);
      await page.goto("/settings/profile");
      await expect(page.getByRole("heading", { name: "Profile", level: 1 })).toBeVisible();
      await expect(companySwitch(page)).toHaveCount(0);
    }
  });
});

test("A company's profile says what there is; an owner gives it another name, a member cannot", async ({
  browse,
}) => {
  const owner = await browse("outsider");
  await owner.goto("/company/profile");
  await expect(owner.getByText("API access: no")).toBeVisible();
  await expect(owner.getByRole("list", { name: "Whom to ask" })).toContainText(people.admin);
  await field(owner, "Company name").fill(" ");
  await button(owner, "Save").click();
  await expect(owner.getByText("Give the company a name.")).toBeVisible();
  await field(owner, "Company name").fill("Fabrikam & Daughters");
  await button(owner, "Save").click();
  await expect(owner.getByRole("heading", { level: 1 })).toHaveText("Fabrikam & Daughters");
  await field(owner, "Company name").fill("Fabrikam");
  await button(owner, "Save").click();
  await expect(owner.getByRole("heading", { level: 1 })).toHaveText("Fabrikam");
  const member = await browse("member");
  await member.goto("/company/profile");
  await expect(member.getByText("API access: yes")).toBeVisible();
  await expect(field(member, "Company name")).toHaveCount(0);
});

test.describe("Company apps", () => {
  /** From the company's list: makes an app of it. */
  async function createCompanyApp(page: Page, name: string) {
    await page.goto("/company/apps/new");
    await field(page, "App name").fill(name);
    await field(page, "Redirect URIs").fill("https://yourapp.com/callback");
    await field(page, "Policy").selectOption({ label: "Machine to machine" });
    await button(page, "Create app").click();
    const client_id = await field(page, "Client ID").inputValue();
    return { name, client_id, client_secret: await field(page, "Client Secret").inputValue() };
  }

  test("An auth manager makes one; owners maintain it too, members do not until they are named", async ({
    browse,
    visitor,
    server,
  }) => {
    const manager = await browse("manager");
    const app = await createCompanyApp(manager, unique("Tide board"));
    const { body } = await requestToken(server.url, app, { grant_type: "client_credentials" });
    expect((await callApi(server.url, body.access_token, "GET /public/v1/me")).body).toMatchObject({
      type: "company",
      name: "Northwind Labs",
    });
    const base = `${apps}/${app.client_id}`;
    const owner = await browse("owner");
    await owner.goto(apps);
    await expect(owner.getByRole("listitem").filter({ hasText: app.name })).toContainText("Northwind Labs");
    const member = await browse("member");
    expect((await visit(await visitor("member"), base)).status).toBe(404);

    await owner.goto(base);
    await owner.getByRole("link", { name: "Maintainers", exact: true }).click();
    await field(owner, "Email").fill(people.outsider);
    await button(owner, "Add maintainer").click();
    await expect(owner.getByText(/Nobody with this address is a member/)).toBeVisible();
    await field(owner, "Email").fill(people.member);
    await button(owner, "Add maintainer").click();
    await expect(owner.getByRole("list", { name: "Maintainers" })).toContainText(people.member);
    await checkAccessibility(owner);

    await member.goto("/company/apps");
    await member.getByRole("link", { name: app.name, exact: true }).click();
    await expect(member.getByText("Owned by Northwind Labs")).toBeVisible();
    await expect(member.getByRole("link", { name: "Maintainers", exact: true })).toHaveCount(0);
    await expect(button(member, "Delete app")).toHaveCount(0);
    await expect(button(member, "Transfer app")).toHaveCount(0);
    await member.goto(`${base}/credentials`);
    await button(member, "Rotate secret").click();
    await inDialog(member, "Rotate secret").click();
    await expect(field(member, "Client Secret")).toBeVisible();
    await member.goto(`${base}/maintainers`);
    await expect(member.getByRole("heading", { level: 1 })).toHaveText("There is nothing here");

    await owner.goto(`${base}/activity`);
    await expect(owner.getByText("Mika Member rotated the client secret")).toBeVisible();
    await owner.goto(`${base}/maintainers`);
    await button(owner, "Remove").click();
    await inDialog(owner, "Remove").click();
    await expect(owner.getByText("Nobody else yet.")).toBeVisible();
    expect((await visit(await visitor("member"), base)).status).toBe(404);
  });

  test("A person gives their own app to a company they manage, and it is the company's from then on", async ({
    browse,
    openClient,
    register,
    server,
    visitor,
  }) => {
    const { name, client_id } = await register(await openClient(), { owner: "owner" });
    const owner = await browse(null);
    await signIn(owner, people.owner);
    await owner.goto(`${apps}/${client_id}`);
    expect((await visit(await visitor("manager"), `${apps}/${client_id}`)).status).toBe(404);
    await button(owner, "Transfer app").click();
    await expect(owner.getByRole("dialog").getByLabel("Company").getByRole("option")).toHaveText([
      "Northwind Labs",
    ]);
    await inDialog(owner, "Transfer app").click();
    await expect(owner.getByText("Owned by Northwind Labs")).toBeVisible();
    await expect(button(owner, "Transfer app")).toHaveCount(0);
    const manager = await browse("manager");
    await manager.goto(`${server.url}/company/apps?q=${encodeURIComponent(name)}`);
    await manager.getByRole("link", { name, exact: true }).click();
    await expect(button(manager, "Delete app")).toBeVisible();
  });
});

test("The company's audit log says who did what, is filtered, and is not for members", async ({ browse }) => {
  const owner = await browse("owner");
  const email = newAddress();
  await invite(owner, email, "Auth manager");
  await owner.goto("/company/audit");
  const row = rowOf(owner, `Invited ${email}`);
  await expect(row).toContainText("Role: Auth manager");
  await expect(row).toContainText("Olivia Owner");
  await field(owner, "Action").selectOption({ label: "Member invited" });
  await button(owner, "Filter").click();
  await expect(row).toHaveCount(1);
  await field(owner, "Person").fill(people.manager);
  await button(owner, "Filter").click();
  await expect(owner.getByText("Nothing fits")).toBeVisible();
  await owner.getByRole("link", { name: "Show everything", exact: true }).click();
  await row.getByRole("link", { name: "Olivia Owner", exact: true }).click();
  await expect(owner).toHaveURL(/actor=/);
  await expect(row).toHaveCount(1);
  await owner.goto("/company/audit?to=2020-01-01");
  await expect(row).toHaveCount(0);
  await owner.goto(members);
  await owner
    .getByRole("listitem")
    .filter({ hasText: email })
    .getByRole("button", { name: "Withdraw", exact: true })
    .click();
  await inDialog(owner, "Withdraw").click();
  await expectGone(owner, owner.getByRole("listitem").filter({ hasText: email }));
  const member = await browse("member");
  await member.goto("/company/audit");
  await expect(member.getByText("Only owners and auth managers see the audit log")).toBeVisible();
  await expect(member.getByText(email)).toHaveCount(0);
});

for (const device of devices)
  test(`The company's pages are accessible on a ${device}, light and dark`, { tag: "@once" }, async ({
    browse,
    server,
  }) => {
    test.setTimeout(300_000); // a dozen looks, each through all of axe
    const look = (page: Page, name: string) => lookAt(page, device, `company-${name}`);
    const owner = await browse("owner", sizeOf(device));
    const email = newAddress();
    await invite(owner, email, "Owner");
    await expect(owner.getByText("Invitation sent")).toBeHidden({ timeout: 15_000 });
    await look(owner, "members");
    await field(owner, "Role of Manu Manager").selectOption({ label: "Member" });
    await look(owner, "members-role");
    await owner.goto(members);
    await button(owner, "Remove").first().click();
    await expect(owner.getByRole("dialog")).toBeVisible();
    await look(owner, "members-remove");
    await owner.goto(`${members}?q=nobody-at-all`);
    await look(owner, "members-no-match");
    if (device === "phone") await owner.locator("header > details > summary").click();
    await companySwitch(owner).click();
    await look(owner, "switch");
    for (const path of ["profile", "apps", "apps/new", "audit"]) {
      await owner.goto(`${server.url}/company/${path}`);
      await look(owner, path.replace("/", "-"));
    }
    const link = linkIn(await letterTo(server.dataDir, email), server.url);
    const guest = await browse(null, sizeOf(device));
    await guest.goto(link);
    await look(guest, "join");
    await guest.goto(`${link}&wrong=name+password`);
    await look(guest, "join-wrong");
    const member = await browse("member", sizeOf(device));
    await member.goto(link);
    await look(member, "join-other");
    await member.goto(`${server.url}/join?link=gone`);
    await look(member, "join-gone");
    for (const path of ["profile", "members", "apps", "audit"]) {
      await member.goto(`${server.url}/company/${path}`);
      await look(member, `${path}-member`);
    }
    await owner.goto(`${server.url}${members}`);
    await owner
      .getByRole("listitem")
      .filter({ hasText: email })
      .getByRole("button", { name: "Withdraw", exact: true })
      .click();
    await inDialog(owner, "Withdraw").click();
    await expectGone(owner, owner.getByRole("listitem").filter({ hasText: email }));
  });
