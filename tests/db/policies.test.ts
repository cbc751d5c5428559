import { beforeEach, describe, expect, test } from "vitest";
import { settlePolicies, settlePolicy } from "../../lib/db/policies";
import { policySchema } from "../../lib/oauth/policy";
import { onEachDatabase } from "../support/databases";
import type { TestApp } from "../support/facts";

const DAY = 24 * 3600;

onEachDatabase((on) => {
  const inDays = (days: number) => new Date(on.clock.now().getTime() + days * DAY * 1000).toISOString();
  const settle = (app: TestApp) => settlePolicy(on.db, app.client_id, on.clock.now());
  const events = (app: TestApp) =>
    on.db.prisma.auditEvent.findMany({ where: { appId: app.client_id, action: "policy.lapsed" } });

  async function stored({ client_id: id }: TestApp) {
    const app = await on.db.prisma.app.findUniqueOrThrow({ where: { id } });
    return { policy: policySchema.parse(app.policy), endsAt: app.policyEndsAt, version: app.version };
  }

  describe("settling a policy", () => {
    let app: TestApp;
    beforeEach(async () => {
      const until = { pkce: inDays(1), access_seconds: inDays(2) };
      app = await on.facts.addApp({ policy: { pkce: "if_sent", access_seconds: null, until } });
    });

    test("does nothing before its moment", async () => {
      const before = await stored(app);
      expect(before.endsAt?.toISOString()).toBe(inDays(1));
      on.clock.forward(DAY - 0.001);
      await settle(app);
      expect(await stored(app)).toEqual(before);
      expect(await events(app)).toEqual([]);
    });

    test("lets each switch fall back at its moment, and is noted each time", async () => {
      on.clock.forward(DAY);
      await settle(app);
      const second = new Date(on.clock.now().getTime() + DAY * 1000);
      expect(await stored(app)).toMatchObject({
        policy: { pkce: "required", access_seconds: null, until: { access_seconds: second.toISOString() } },
        endsAt: second,
        version: 2,
      });
      expect(await events(app)).toMatchObject([
        { at: on.clock.now(), actorId: null, details: { switches: ["pkce"] } },
      ]);
      on.clock.forward(DAY);
      await settle(app);
      await settle(app);
      const last = await stored(app);
      expect(last).toMatchObject({ policy: { access_seconds: 3600 }, endsAt: null, version: 3 });
      expect(last.policy).toMatchObject({ since: {}, until: {} });
      expect(last.policy.until).toEqual({});
      expect((await events(app)).map(({ details }) => details)).toContainEqual({
        switches: ["access_seconds"],
      });
      expect(await events(app)).toHaveLength(2);
    });

    test("happens once, however many find out at the same moment", async () => {
      on.clock.forward(2 * DAY);
      await Promise.all(Array.from({ length: 6 }, () => settle(app)));
      expect(await stored(app)).toMatchObject({ endsAt: null, version: 2 });
      const [event, ...more] = await events(app);
      expect(event?.details).toEqual({ switches: ["pkce", "access_seconds"] });
      expect(more).toEqual([]);
    });

    test("of an app that is not there does nothing", async () => {
      await settlePolicy(on.db, "nothing", on.clock.now());
      expect(await on.db.prisma.auditEvent.count({ where: { appId: "nothing" } })).toBe(0);
    });
  });

  test("settling what is due everywhere reaches every app that is, and no other", async () => {
    const due = await Promise.all(
      [1, 2, 3].map(() => on.facts.addApp({ policy: { pkce: "if_sent", until: { pkce: inDays(1) } } })),
    );
    const later = await on.facts.addApp({ policy: { pkce: "if_sent", until: { pkce: inDays(2) } } });
    const never = await on.facts.addApp({ preset: "perpetual" });
    on.clock.forward(DAY);
    await Promise.all([settlePolicies(on.db), settlePolicies(on.db)]);
    for (const app of due) {
      expect(await stored(app)).toMatchObject({ policy: { pkce: "required" }, endsAt: null, version: 2 });
      expect(await events(app)).toHaveLength(1);
    }
    expect(await stored(later)).toMatchObject({ policy: { pkce: "if_sent" }, version: 1 });
    expect(await stored(never)).toMatchObject({ policy: { pkce: "if_sent" }, endsAt: null, version: 1 });
  });
});
