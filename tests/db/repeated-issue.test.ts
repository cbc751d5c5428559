/** What a machine costs that asks for the same again, on every database. */
import pg from "pg";
import { beforeEach, expect, test, vi } from "vitest";
import { issueToClient } from "../../lib/db/direct-issue";
import { authOf, minted } from "../store/ground";
import { onEachDatabase } from "../support/databases";
import type { TestApp } from "../support/facts";

onEachDatabase((on) => {
  let app: TestApp;
  beforeEach(async () => {
    app = await on.facts.addApp({ preset: "machine" });
  });

  const ask = () =>
    issueToClient(
      on.db,
      { ...minted(), client: authOf(app), scopes: ["read"], basicScopes: ["read"] },
      on.clock.now(),
    );

  async function statements(run: () => Promise<unknown>): Promise<unknown[]> {
    const query = vi.spyOn(pg.Client.prototype, "query");
    await run();
    const names = query.mock.calls.map(([statement]: unknown[]) => Reflect.get(Object(statement), "name"));
    query.mockRestore();
    return names.filter(Boolean);
  }

  test("the first answer is computed, the next only found to be still true", async () => {
    expect(await statements(ask)).toEqual(["issue_to_client_alone"]);
    expect(await statements(ask)).toEqual(["issue_to_client_again_alone"]);
    expect(await statements(() => Promise.all([ask(), ask(), ask()]))).toEqual(["issue_to_client_again"]);
  });

  test("whatever was written to the app has it computed anew, once", async () => {
    await ask();
    await on.db.prisma.app.update({ where: { id: app.client_id }, data: { lastUsedAt: on.clock.now() } });
    expect(await statements(ask)).toEqual(["issue_to_client_again_alone", "issue_to_client_alone"]);
    expect(await statements(ask)).toEqual(["issue_to_client_again_alone"]);
  });

  test("an answer is kept for a minute", async () => {
    await ask();
    const now = performance.now();
    const clock = vi.spyOn(performance, "now").mockReturnValue(now + 60_001);
    expect(await statements(ask)).toEqual(["issue_to_client_alone"]);
    clock.mockRestore();
  });
});
