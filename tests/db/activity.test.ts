import { beforeEach, describe, expect, test } from "vitest";
import { listActivity, logRefusal } from "../../lib/db/activity";
import { updateApp } from "../../lib/db/app-registration";
import { rotateSecret } from "../../lib/db/client-secrets";
import { randomId } from "../../lib/oauth/tokens";
import { onEachDatabase, random } from "../support/databases";
import { callback, type TestApp } from "../support/facts";

onEachDatabase((on) => {
  let owner: string;
  let app: TestApp;
  beforeEach(async () => {
    owner = await on.facts.addUser();
    app = await on.facts.addApp({ ownerId: owner });
  });

  const refuse = (reason: string, received = {}, client_id = app.client_id) => {
    const id = randomId(16, random);
    return logRefusal(on.db, id, "/oauth/token", "invalid_grant", { client_id, reason, received }).then(
      () => id,
    );
  };
  const rows = async (options = {}) => (await listActivity(on.db, owner, app.client_id, options)).rows;

  test("changes and refusals stand together, newest first", async () => {
    on.clock.forward(1);
    const id = await refuse("The code came too late.", { redirect_uri: callback });
    on.clock.forward(1);
    await rotateSecret(on.db, owner, app.client_id, 0);
    const { name } = await on.db.prisma.user.findUniqueOrThrow({ where: { id: owner } });
    expect(await rows()).toMatchObject([
      { kind: "change", action: "secret.rotated", actorName: name, at: on.clock.now() },
      {
        kind: "refused",
        id,
        endpoint: "/oauth/token",
        error: "invalid_grant",
        reason: "The code came too late.",
        received: { redirect_uri: callback },
      },
      { kind: "change", action: "app.created", actorName: name },
    ]);
  });

  test("nobody but the owner sees them", async () => {
    await refuse("x");
    expect(await listActivity(on.db, await on.facts.addUser(), app.client_id)).toEqual({
      rows: [],
      next: null,
    });
    expect(await listActivity(on.db, owner, "nothing")).toEqual({ rows: [], next: null });
  });

  test("another app's stay out", async () => {
    const other = await on.facts.addApp({ ownerId: owner });
    await refuse("other", {}, other.client_id);
    expect((await rows()).map(({ kind }) => kind)).toEqual(["change"]);
  });

  test("a client ID that somebody made up leaves nothing behind", async () => {
    const before = await on.db.prisma.requestLog.count();
    await refuse("x", {}, "made-up");
    expect(await on.db.prisma.requestLog.count()).toBe(before);
  });

  test("what was received is cut, and the same request is kept once", async () => {
    const evidence = {
      client_id: app.client_id,
      reason: "r".repeat(3000),
      received: { state: "s".repeat(600) },
    };
    for (let again = 0; again < 2; again++)
      await logRefusal(on.db, `twice-${app.client_id}`, "/", "invalid_request", evidence);
    const [row] = await on.db.prisma.requestLog.findMany({ where: { appId: app.client_id } });
    expect(row).toMatchObject({ reason: "r".repeat(2000), received: { state: "s".repeat(500) } });
    expect((await rows()).filter(({ kind }) => kind === "refused")).toHaveLength(1);
  });

  test("text of any kind is kept as it is", async () => {
    on.clock.forward(1);
    const redirect_uri = `https://app.example/"'\\<é€😀>`;
    await refuse("It's “odd”", { redirect_uri });
    expect(await rows()).toMatchObject([{ reason: "It's “odd”", received: { redirect_uri } }, {}]);
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
    expect(
      (await rows()).filter((row) => row.kind === "change" && row.action === "app.updated"),
    ).toMatchObject([{ details: { name: "New" } }]);
  });

  describe("the pages", () => {
    test("lose nothing and show nothing twice while rows are added", async () => {
      for (let at = 0; at < 5; at++) await refuse(`same instant ${at}`);
      on.clock.forward(1);
      for (let at = 0; at < 2; at++) await refuse(`later ${at}`);
      const expected = (await rows()).map(({ id }) => id);
      expect(expected).toHaveLength(8);
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await listActivity(on.db, owner, app.client_id, { limit: 3, ...(after && { after }) });
        seen.push(...page.rows.map(({ id }) => id));
        after = page.next ?? undefined;
        on.clock.forward(1);
        await refuse("new");
      } while (after);
      expect(seen).toEqual(expected);
    });
  });
});
