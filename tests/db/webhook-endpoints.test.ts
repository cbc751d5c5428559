/** Webhook endpoints belong to their app's owner. */
import { beforeEach, describe, expect, test } from "vitest";
import { deleteApp } from "../../lib/db/app-registration";
import {
  createEndpoint,
  deleteEndpoint,
  ENDPOINT_LIMIT,
  findEndpoint,
  listEndpoints,
  rotateEndpointSecret,
  switchEndpoint,
  updateEndpoint,
} from "../../lib/db/webhook-endpoints";
import { onEachDatabase } from "../support/databases";
import { addEndpoint } from "../support/webhooks";

const sealed = new Uint8Array([1, 2, 3]);
const input = { url: "https://hooks.example/new?key=secret", events: ["token.revoked"] as const };

onEachDatabase((on) => {
  let actor: { actorId: string; appId: string };
  beforeEach(async () => {
    const actorId = await on.facts.addUser();
    actor = { actorId, appId: (await on.facts.addApp({ ownerId: actorId })).client_id };
  });

  test("are listed, changed, switched and deleted by nobody else", async () => {
    const { id } = await addEndpoint(on.db, actor);
    const stranger = { ...actor, actorId: await on.facts.addUser() };
    const before = await findEndpoint(on.db, actor, id);
    expect(await listEndpoints(on.db, stranger)).toEqual([]);
    expect(await findEndpoint(on.db, stranger, id)).toBeNull();
    expect(await createEndpoint(on.db, stranger, input, sealed)).toBe("no_app");
    expect(await updateEndpoint(on.db, stranger, id, input)).toBe(false);
    expect(await switchEndpoint(on.db, stranger, id, "disabled")).toBe(false);
    expect(await rotateEndpointSecret(on.db, stranger, id, sealed)).toBe(false);
    expect(await deleteEndpoint(on.db, stranger, id)).toBe(false);
    // Nor by their own app's name.
    const own = await on.facts.addApp({ ownerId: stranger.actorId });
    expect(await updateEndpoint(on.db, { ...stranger, appId: own.client_id }, id, input)).toBe(false);
    expect(await findEndpoint(on.db, actor, id)).toEqual(before);
  });

  test("there are few of, also when many are made at once", async () => {
    const made = await Promise.all(
      Array.from({ length: ENDPOINT_LIMIT + 3 }, () => createEndpoint(on.db, actor, input, sealed)),
    );
    expect(made.filter((one) => one === "too_many")).toHaveLength(3);
    expect(await listEndpoints(on.db, actor)).toHaveLength(ENDPOINT_LIMIT);
  });

  test("are logged without what a query may hold", async () => {
    const { id } = await addEndpoint(on.db, actor);
    await updateEndpoint(on.db, actor, id, input);
    await deleteEndpoint(on.db, actor, id);
    const events = await on.db.prisma.auditEvent.findMany({
      where: { appId: actor.appId, action: { startsWith: "webhook." } },
    });
    expect(new Set(events.map(({ action }) => action))).toEqual(
      new Set(["webhook.created", "webhook.changed", "webhook.deleted"]),
    );
    expect(JSON.stringify(events)).not.toContain("key=secret");
  });

  describe("end", () => {
    test("with their app", async () => {
      const { id } = await addEndpoint(on.db, actor);
      await deleteApp(on.db, actor.actorId, actor.appId);
      expect(await on.db.prisma.webhookEndpoint.count({ where: { id } })).toBe(0);
    });
  });
});
