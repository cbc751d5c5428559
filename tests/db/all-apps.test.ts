/** What administrators and tokens see of the installation: every app, and the companies a token names. */
import { beforeEach, expect, test } from "vitest";
import { listAllApps } from "../../lib/db/all-apps";
import { onEachDatabase } from "../support/databases";

onEachDatabase((on) => {
  beforeEach(async () => {
    await on.db.prisma.app.deleteMany();
  });
  const idsOf = async (query: Parameters<typeof listAllApps>[1]) => {
    const { apps, next } = await listAllApps(on.db, query);
    return { ids: apps.map(({ id }) => id), next };
  };

  test("apps of users and of companies are listed with their owners, newest first", async () => {
    const ownerId = await on.facts.addUser("ada@all-apps.test");
    const companyId = await on.facts.addCompany();
    const own = await on.facts.addApp({ ownerId });
    on.clock.forward(1);
    const machine = await on.facts.addApp({ companyId, preset: "machine" });
    const { apps, next } = await listAllApps(on.db);
    expect(next).toBeNull();
    expect(apps).toMatchObject([
      { id: machine.client_id, kind: "credential", owner: { type: "company", id: companyId } },
      { id: own.client_id, kind: "registered", owner: { type: "user", id: ownerId, name: "ada" } },
    ]);
    for (const secret of [own.secret, machine.secret]) expect(JSON.stringify(apps)).not.toContain(secret);
  });

  test("pages of one status neither repeat nor leave out an app, also where all are of one moment", async () => {
    const made: string[] = [];
    for (let count = 0; count < 7; count++) made.push((await on.facts.addApp()).client_id);
    for (const id of made.slice(0, 5)) await on.facts.setStatus(id, "pending");
    const seen: string[] = [];
    for (let after: string | null = ""; after !== null; ) {
      const page: Awaited<ReturnType<typeof idsOf>> = await idsOf({ status: "pending", limit: 2, after });
      expect(page.ids.length).toBeLessThanOrEqual(2);
      seen.push(...page.ids);
      after = page.next;
    }
    expect(seen).toHaveLength(5);
    expect(new Set(seen)).toEqual(new Set(made.slice(0, 5)));
  });
});
