/** A link does its one thing once, in time, and nothing else. */
import { expect, test } from "vitest";
import { createLink, findLink, type LinkPurpose, takeLink } from "../../lib/db/one-time-links";
import { onEachDatabase } from "../support/databases";

onEachDatabase((on) => {
  const make = (purpose: LinkPurpose = "invitation") => {
    const { db } = on;
    return createLink(db, db.prisma, {
      purpose,
      email: "mika@example.test",
      details: { role: "member" },
      seconds: 60,
    });
  };
  const take = (value: string, purpose: LinkPurpose = "invitation") => {
    const { db } = on;
    return db.prisma.$transaction((tx) => takeLink(db, tx, purpose, value));
  };

  test("can be looked at often and used once", async () => {
    const value = await make();
    for (let time = 0; time < 2; time += 1)
      expect(await findLink(on.db, "invitation", value)).toMatchObject({ email: "mika@example.test" });
    expect(await take(value)).toMatchObject({ details: { role: "member" } });
    expect(await take(value)).toBeNull();
    expect(await findLink(on.db, "invitation", value)).toBeNull();
  });

  test("are used by one of those who come at once", async () => {
    const value = await make();
    const taken = await Promise.all(Array.from({ length: 8 }, () => take(value)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  test("are as good as before when what they were for failed", async () => {
    const { db } = on;
    const value = await make();
    const failed = db.prisma.$transaction(async (tx) => {
      await takeLink(db, tx, "invitation", value);
      throw new Error("no");
    });
    await expect(failed).rejects.toThrow("no");
    expect(await take(value)).not.toBeNull();
  });

  test("open nothing of another purpose, after their time, or with another's letters", async () => {
    const value = await make();
    expect(await take(value, "reset_password")).toBeNull();
    for (const wrong of ["", `${value}x`, value.toLowerCase(), "\u0000"])
      expect(await take(wrong)).toBeNull();
    on.clock.forward(60);
    expect(await take(value)).toBeNull();
  });

  test("are not in the database as they were sent", async () => {
    const value = await make();
    const { rows } = await on.db.pool.query("SELECT * FROM one_time_links");
    expect(JSON.stringify(rows)).not.toContain(value);
  });
});
