import { beforeEach, describe, expect, test } from "vitest";
import { listActivity } from "../../lib/db/activity";
import { updateApp } from "../../lib/db/app-registration";
import { rotateSecret } from "../../lib/db/client-secrets";
import { onEachDatabase } from "../support/databases";
import { callback, type TestApp } from "../support/facts";

onEachDatabase((on) => {
  let owner: string;
  let app: TestApp;
  beforeEach(async () => {
    owner = await on.facts.addUser();
    app = await on.facts.addApp({ ownerId: owner });
  });

  const rotate = () => {
    on.clock.forward(1);
    return rotateSecret(on.db, owner, app.client_id, 0);
  };
  const rows = async (options = {}) => (await listActivity(on.db, owner, app.client_id, options)).rows;

  test("changes stand newest first", async () => {
    await rotate();
    const { name } = await on.db.prisma.user.findUniqueOrThrow({ where: { id: owner } });
    expect(await rows()).toMatchObject([
      { action: "secret.rotated", actorName: name, at: on.clock.now() },
      { action: "app.created", actorName: name },
    ]);
  });

  test("nobody but the owner sees them", async () => {
    const nothing = { rows: [], next: null };
    expect(await listActivity(on.db, await on.facts.addUser(), app.client_id)).toEqual(nothing);
    expect(await listActivity(on.db, owner, "nothing")).toEqual(nothing);
  });

  test("an edit says what changed", async () => {
    const redirect = { match: "exact", uris: [callback] } as const;
    await updateApp(on.db, owner, app.client_id, {
      name: "New",
      type: "confidential",
      redirect,
      preset: "standard",
      scopes: ["read", "write"],
      purpose: null,
      logo: undefined,
    });
    expect((await rows()).filter(({ action }) => action === "app.updated")).toMatchObject([
      { details: { name: "New" } },
    ]);
  });

  describe("the pages", () => {
    test("lose nothing and show nothing twice while rows are added", async () => {
      for (let times = 0; times < 7; times++) await rotate();
      const expected = (await rows()).map(({ id }) => id);
      expect(expected).toHaveLength(8);
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await listActivity(on.db, owner, app.client_id, { limit: 3, ...(after && { after }) });
        seen.push(...page.rows.map(({ id }) => id));
        after = page.next ?? undefined;
        await rotate();
      } while (after);
      expect(seen).toEqual(expected);
    });
  });
});
