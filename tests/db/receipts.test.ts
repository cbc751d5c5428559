import { beforeEach, expect, test } from "vitest";
import { listConsents, revokeConsent } from "../../lib/db/consents";
import { listReceipts } from "../../lib/db/receipts";
import { createStore } from "../../lib/db/store";
import { allow, findPending } from "../../lib/oauth/consent";
import { authorize } from "../../lib/oauth/endpoints/authorize";
import type { Receipt } from "../../lib/oauth/store";
import { onEachDatabase } from "../support/databases";
import type { TestApp } from "../support/facts";
import { authorizeFields, createWorld, encode } from "../support/world";

onEachDatabase((on) => {
  let userId: string;
  let app: TestApp;
  beforeEach(async () => {
    userId = await on.facts.addUser();
    app = await on.facts.addApp({ name: "Harbour" });
  });

  /** Allows what `shown` says; null where a remembered consent answers. */
  async function allowing(shown: Receipt | null, scope: string, by = userId) {
    const store = createStore(on.db, { client() {}, token() {} });
    const as = { ...createWorld().as, now: on.clock.now, store };
    const result = await authorize(as, encode(authorizeFields(app, { scope })));
    if (result.outcome !== "stored") throw result.error;
    const pending = await findPending(as, result.request.id);
    if (!pending) throw new Error("the request is gone");
    const approver = { userId: by, companyIds: [], scopes: ["read", "write"] };
    expect(await allow(as, pending, approver, null, shown)).not.toBeNull();
  }
  const receipt = (title: string): Receipt => ({
    app: "Harbour",
    owner: "Olivia",
    redirectHost: "app.example",
    company: null,
    scopes: [{ name: "read", title, description: "Names of every project" }],
  });

  test("An approval has the receipts of what was shown, newest first, and none of a remembered answer", async () => {
    const first = on.clock.now();
    await allowing(receipt("See your projects"), "read");
    on.clock.forward(60);
    await allowing(null, "read");
    const second = on.clock.now();
    await allowing(receipt("See and change your projects"), "read write");
    const [consent] = await listConsents(on.db, userId);
    const consentId = consent?.approvals[0]?.id;
    expect(await listReceipts(on.db, userId)).toEqual([
      { consentId, at: second, shown: receipt("See and change your projects"), of: 2 },
      { consentId, at: first, shown: receipt("See your projects"), of: 2 },
    ]);
  });

  test("A receipt keeps the words that were shown, whatever the app is called later", async () => {
    await allowing(receipt("See your projects"), "read");
    await on.db.prisma.app.update({ where: { id: app.client_id }, data: { name: "Something else" } });
    expect(await listReceipts(on.db, userId, app.client_id)).toMatchObject([{ shown: { app: "Harbour" } }]);
  });

  test("Of an app that asks each time the newest five are listed, and all are counted", async () => {
    for (let time = 1; time <= 7; time++) {
      on.clock.forward(1);
      await allowing(receipt(`Question ${time}`), "read");
    }
    const receipts = await listReceipts(on.db, userId);
    expect(receipts.map(({ shown, of }) => [shown.scopes[0]?.title, of])).toEqual(
      [7, 6, 5, 4, 3].map((time) => [`Question ${time}`, 7]),
    );
  });

  test("Only one's own are listed, of the app that was named, and of approvals that stand", async () => {
    await allowing(receipt("See your projects"), "read");
    expect(await listReceipts(on.db, await on.facts.addUser())).toEqual([]);
    expect(await listReceipts(on.db, userId, "another")).toEqual([]);
    expect(await listReceipts(on.db, userId, app.client_id)).toHaveLength(1);
    await revokeConsent(on.db, userId, app.client_id);
    expect(await listReceipts(on.db, userId)).toEqual([]);
    await allowing(receipt("See your projects"), "read");
    expect(await listReceipts(on.db, userId)).toHaveLength(1);
  });
});
