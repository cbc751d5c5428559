/** Deliveries on their way: each attempt is one sender's, and none is forgotten. */
import { beforeEach, describe, expect, test } from "vitest";
import {
  listDeliveries,
  resendDelivery,
  sendTestEvent,
  TESTS_A_MINUTE,
} from "../../lib/db/webhook-deliveries";
import { findEndpoint, switchEndpoint } from "../../lib/db/webhook-endpoints";
import { ATTEMPTS } from "../../lib/db/webhook-events";
import {
  type AttemptResult,
  type ClaimedDelivery,
  claimDeliveries,
  GIVE_UP_DAYS,
  LEASE_SECONDS,
  settleDelivered,
  settleFailed,
  waitSeconds,
} from "../../lib/db/webhook-queue";
import { onEachDatabase, random } from "../support/databases";
import { addEndpoint } from "../support/webhooks";

const good: AttemptResult = { statusCode: 200, latencyMs: 12, answer: "thanks", problem: null };
const bad: AttemptResult = { statusCode: 500, latencyMs: 12, answer: "oh no", problem: null };
const DAY = 24 * 60 * 60;

onEachDatabase((on) => {
  let actor: { actorId: string; appId: string };
  let endpointId: string;
  beforeEach(async () => {
    await on.db.prisma.webhookEndpoint.deleteMany({});
    await on.db.prisma.notice.deleteMany({});
    const actorId = await on.facts.addUser();
    actor = { actorId, appId: (await on.facts.addApp({ ownerId: actorId, name: "Harbour" })).client_id };
    endpointId = (await addEndpoint(on.db, actor)).id;
  });

  const add = async (to = endpointId) => {
    const id = await sendTestEvent(on.db, actor, to);
    if (id === null || id === "wait") throw new Error(`not added: ${id}`);
    return id;
  };
  const claimOne = async (): Promise<ClaimedDelivery> => {
    const [claimed, ...others] = await claimDeliveries(on.db, 10);
    expect(others).toEqual([]);
    if (!claimed) throw new Error("nothing is due");
    return claimed;
  };
  const list = async () => (await listDeliveries(on.db, actor, endpointId)).deliveries;
  const endpoint = () => findEndpoint(on.db, actor, endpointId);
  const notices = () => on.db.prisma.notice.findMany({ where: { kind: "webhook_off" } });

  describe("a delivery", () => {
    test("is claimed by one of many who look at once", async () => {
      for (let count = 0; count < 8; count += 1) await add();
      const claims = await Promise.all(Array.from({ length: 6 }, () => claimDeliveries(on.db, 3)));
      const ids = claims.flat().map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const rest = await claimDeliveries(on.db, 10);
      expect(ids.length + rest.length).toBe(8);
      expect(await claimDeliveries(on.db, 10)).toEqual([]);
    });

    test("whose sender died is due again when the claim has run out, and the dead one settles nothing any more", async () => {
      const id = await add();
      const dead = await claimOne();
      on.clock.forward(LEASE_SECONDS - 1);
      expect(await claimDeliveries(on.db, 10)).toEqual([]);
      on.clock.forward(1);
      const next = await claimOne();
      expect(next).toMatchObject({ id, attempts: 2, payload: dead.payload });
      expect(await settleFailed(on.db, dead, bad)).toBe(false);
      expect(await settleDelivered(on.db, next, good)).toBe(true);
      expect(await settleDelivered(on.db, next, good)).toBe(false);
      expect(await list()).toMatchObject([
        { status: "delivered", attempts: 2, statusCode: 200, nextAt: null },
      ]);
    });

    test("that fails is tried eight times in about a day, each wait longer than the one before", async () => {
      await add();
      const start = on.clock.now().getTime();
      const waits: number[] = [];
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        expect(await settleFailed(on.db, await claimOne(), bad)).toBe(true);
        const [row] = await list();
        expect(row?.status).toBe(attempt === ATTEMPTS ? "failed" : "pending");
        if (!row?.nextAt) break;
        const seconds = (row.nextAt.getTime() - on.clock.now().getTime()) / 1000;
        waits.push(seconds);
        on.clock.forward(seconds - 1);
        expect(await claimDeliveries(on.db, 10)).toEqual([]);
        on.clock.forward(1);
      }
      expect(waits).toHaveLength(ATTEMPTS - 1);
      expect(waits).toEqual([...waits].sort((one, other) => one - other));
      const hours = (on.clock.now().getTime() - start) / 3_600_000;
      expect(hours).toBeGreaterThan(18);
      expect(hours).toBeLessThan(28);
      expect(await list()).toMatchObject([{ status: "failed", attempts: 8, answer: "oh no", nextAt: null }]);
    });

    test("of an endpoint that has enough on its way waits, and keeps nobody else's waiting", async () => {
      const other = await addEndpoint(on.db, actor);
      await add();
      const id = await add(other.id);
      const claimed = await claimDeliveries(on.db, 10, { busy: [endpointId] });
      expect(claimed.map((one) => one.id)).toEqual([id]);
    });
  });

  test("waits differ, so that what failed together does not come back together", () => {
    const waits = Array.from({ length: 200 }, () => waitSeconds({ random }, 2));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(48);
    expect(Math.max(...waits)).toBeLessThanOrEqual(72);
    expect(new Set(waits).size).toBeGreaterThan(20);
  });

  describe("an endpoint", () => {
    const giveUp = async () => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        await settleFailed(on.db, await claimOne(), bad);
        on.clock.forward(DAY);
      }
    };

    test("that fails is failing until it works again", async () => {
      await add();
      const since = on.clock.now();
      await settleFailed(on.db, await claimOne(), bad);
      expect(await endpoint()).toMatchObject({ status: "active", failingSince: since });
      on.clock.forward(100);
      await settleDelivered(on.db, await claimOne(), good);
      expect(await endpoint()).toMatchObject({ status: "active", failingSince: null });
    });

    test("that has failed for days is turned off when a delivery is given up, once, with a letter to its owner", async () => {
      await add();
      await giveUp();
      expect(ATTEMPTS).toBeGreaterThan(GIVE_UP_DAYS);
      expect(await endpoint()).toMatchObject({ status: "disabled" });
      expect(await notices()).toMatchObject([
        { userId: actor.actorId, details: { app: "Harbour", reason: "It answered 500." } },
      ]);
      expect(await sendTestEvent(on.db, actor, endpointId)).toBeNull();
    });

    test("that failed for less long stays on", async () => {
      await add();
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        await settleFailed(on.db, await claimOne(), bad);
        const [row] = await list();
        on.clock.forward(((row?.nextAt ?? on.clock.now()).getTime() - on.clock.now().getTime()) / 1000);
      }
      expect(await list()).toMatchObject([{ status: "failed" }]);
      expect(await endpoint()).toMatchObject({ status: "active" });
      expect(await notices()).toEqual([]);
    });

    test("that says it is gone is turned off at once, with what waits for it", async () => {
      const [first, second] = [await add(), await add()];
      const claimed = await claimDeliveries(on.db, 1);
      for (const one of claimed) await settleFailed(on.db, one, { ...bad, statusCode: 410 }, true);
      expect(await endpoint()).toMatchObject({ status: "disabled" });
      expect(new Set((await list()).map(({ id, status }) => `${id} ${status}`))).toEqual(
        new Set([`${first} failed`, `${second} failed`]),
      );
      expect(await notices()).toHaveLength(1);
    });

    test("that its owner turns off gets nothing that was waiting, and nothing twice when it is on again", async () => {
      await add();
      await switchEndpoint(on.db, actor, endpointId, "disabled");
      expect(await claimDeliveries(on.db, 10)).toEqual([]);
      await switchEndpoint(on.db, actor, endpointId, "active");
      expect(await claimDeliveries(on.db, 10)).toEqual([]);
    });
  });

  describe("by hand", () => {
    test("a delivery is sent again once it is settled, under its own id, by who may", async () => {
      const id = await add();
      expect(await resendDelivery(on.db, actor, id)).toBe(false);
      await settleDelivered(on.db, await claimOne(), good);
      const stranger = await on.facts.addUser();
      expect(await resendDelivery(on.db, { ...actor, actorId: stranger }, id)).toBe(false);
      expect(await resendDelivery(on.db, actor, "msg_of_nobody")).toBe(false);
      const asked = await Promise.all([1, 2, 3].map(() => resendDelivery(on.db, actor, id)));
      expect(asked.filter(Boolean)).toHaveLength(1);
      expect(await claimOne()).toMatchObject({ id, attempts: 2, remaining: ATTEMPTS - 1 });
    });

    test("a test event is sent by the owner, and not without end", async () => {
      const stranger = await on.facts.addUser();
      expect(await sendTestEvent(on.db, { ...actor, actorId: stranger }, endpointId)).toBeNull();
      const sent = await Promise.all(
        Array.from({ length: TESTS_A_MINUTE + 3 }, () => sendTestEvent(on.db, actor, endpointId)),
      );
      expect(sent.filter((one) => one === "wait")).toHaveLength(3);
      on.clock.forward(61);
      expect(await sendTestEvent(on.db, actor, endpointId)).toMatch(/^msg_/);
    });
  });

  test("the log has a page after the other, and nothing of somebody else's", async () => {
    for (let count = 0; count < 5; count += 1) {
      await add();
      on.clock.forward(1);
    }
    const first = await listDeliveries(on.db, actor, endpointId, { limit: 3 });
    const second = await listDeliveries(on.db, actor, endpointId, { limit: 3, after: first.next ?? "" });
    const ids = [...first.deliveries, ...second.deliveries].map(({ id }) => id);
    expect(new Set(ids).size).toBe(5);
    expect(second.next).toBeNull();
    const stranger = { ...actor, actorId: await on.facts.addUser() };
    expect((await listDeliveries(on.db, stranger, endpointId)).deliveries).toEqual([]);
  });
});
