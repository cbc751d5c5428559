import { beforeEach, expect, test } from "vitest";
import { changeInstance, findInstance } from "../../lib/db/settings";
import { defaultInstance, type Instance } from "../../lib/oauth/instance";
import { onEachDatabase } from "../support/databases";

onEachDatabase((on) => {
  let admin: string;
  beforeEach(async () => {
    admin = await on.facts.addUser();
    await on.facts.makeAdmin(admin);
    await on.db.prisma.setting.deleteMany();
  });

  const decided: Instance = {
    implicit: true,
    password: true,
    registration: "approval",
    endless_personal_tokens: true,
    leaked_credentials: "quarantine",
    sign_up: "open",
  };
  const events = (actorId: string) =>
    on.db.prisma.auditEvent.findMany({ where: { actorId, action: "settings.changed" } });

  test("an installation starts with everything weaker switched off", async () => {
    expect(await findInstance(on.db)).toEqual(defaultInstance);
  });

  test("an administrator changes it, which is noted with what holds now", async () => {
    expect(await changeInstance(on.db, admin, decided)).toBe(true);
    expect(await findInstance(on.db)).toEqual(decided);
    expect(await events(admin)).toMatchObject([{ at: on.clock.now(), details: decided }]);
    expect(await changeInstance(on.db, admin, defaultInstance)).toBe(true);
    expect(await findInstance(on.db)).toEqual(defaultInstance);
    expect(await on.db.prisma.setting.findMany()).toMatchObject([{ changedById: admin }]);
  });

  test.each<[string, () => Promise<string>]>([
    ["somebody who is no administrator", () => on.facts.addUser()],
    [
      "a suspended administrator",
      async () => {
        await on.facts.suspendUser(admin);
        return admin;
      },
    ],
    ["nobody", async () => "nobody"],
  ])("%s changes nothing", async (_, who) => {
    const actorId = await who();
    expect(await changeInstance(on.db, actorId, decided)).toBe(false);
    expect(await findInstance(on.db)).toEqual(defaultInstance);
    expect(await events(actorId)).toEqual([]);
  });

  test("what was never decided is as an installation starts", async () => {
    const row = { value: { password: true }, changedAt: on.clock.now() };
    await on.db.prisma.setting.create({ data: { key: "instance", ...row } });
    expect(await findInstance(on.db)).toEqual({ ...defaultInstance, password: true });
  });

  test("several administrators at once leave one decision", async () => {
    const answers = await Promise.all(
      [true, false, true, false].map((password) => changeInstance(on.db, admin, { ...decided, password })),
    );
    expect(answers).toEqual([true, true, true, true]);
    expect(await on.db.prisma.setting.count()).toBe(1);
    expect(await events(admin)).toHaveLength(4);
  });
});
