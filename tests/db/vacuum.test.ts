import { expect, test } from "vitest";
import { sweep } from "../../lib/db/housekeeping";
import { vacuumWhatGrew } from "../../lib/db/vacuum";
import { onEachDatabase } from "../support/databases";

onEachDatabase((on) => {
  /** Fills the request log with what is due, and has it swept. */
  async function fillAndSweep(rows: number) {
    await on.db.pool.query(
      `INSERT INTO request_log (id, at, app_id, endpoint, error, reason, received)
       SELECT md5(n::text), $1, 'x', '/', 'x', repeat('x', 200), '{}' FROM generate_series(1, $2::int) AS n`,
      [new Date(on.clock.now().getTime() - 40 * 24 * 3_600_000), rows],
    );
    expect(await sweep(on.db)).toBe(rows);
  }
  const size = async () => {
    const { rows } = await on.db.pool.query<{ size: number }>(
      "SELECT pg_total_relation_size('request_log')::int AS size",
    );
    return rows[0]?.size ?? 0;
  };

  test("the embedded database gets its room back; PostgreSQL sees to that itself", async () => {
    await fillAndSweep(6_000);
    const before = await size();
    const vacuumed = await vacuumWhatGrew(on.db);
    if (on.db.kind === "postgresql") {
      expect(vacuumed).toEqual([]);
      return;
    }
    expect(vacuumed).toEqual(["request_log"]);
    expect(await size()).toBeLessThan(before / 2);
    expect(await vacuumWhatGrew(on.db)).toEqual([]);
    await fillAndSweep(100); // not worth it
    expect(await vacuumWhatGrew(on.db)).toEqual([]);
  });
});
