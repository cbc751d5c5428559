/** Of several processes one sweeps at a time. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Database, openDatabase } from "../../lib/db/database";
import { SWEEP_LOCK, sweep } from "../../lib/db/housekeeping";
import { migrate } from "../../lib/db/migrate";
import {
  createPostgresql,
  migrations,
  postgresqlServers,
  random,
  type TestLocation,
} from "../support/databases";
import { createClock } from "../support/world";

describe.each(postgresqlServers)("between processes on PostgreSQL", (server) => {
  const clock = createClock();
  let place: TestLocation;
  let one: Database;
  let other: Database;
  beforeAll(async () => {
    place = await createPostgresql(server);
    const open = () => openDatabase({ location: place.location, now: clock.now, random });
    [one, other] = await Promise.all([open(), open()]);
    await migrate(one, migrations);
  });
  afterAll(async () => {
    await one.close();
    await other.close();
    await place.drop();
  });

  async function addRequests(count: number) {
    await one.pool.query(
      `INSERT INTO authorization_requests (id, app_id, client_version, redirect_uri, created_at, expires_at)
       SELECT n::text, 'x', 1, 'x', $1, $1 FROM generate_series(1, $2) AS n`,
      [new Date(clock.now().getTime() - 1000), count],
    );
  }

  test("one sweeps at a time", async () => {
    await addRequests(2000);
    const meanwhile: number[] = [];
    const asked: Promise<unknown>[] = [];
    const onTaken = () => asked.push(sweep(other).then((taken) => meanwhile.push(taken)));
    const first = await sweep(one, { onTaken });
    await Promise.all(asked);
    expect(first + meanwhile.reduce((sum, taken) => sum + taken, 0)).toBe(2000);
    expect(first).toBeGreaterThan(1000);
    expect(meanwhile).toContain(0);
    // Not waiting for its commits stays with the sweep: the connection serves requests afterwards.
    const { rows } = await one.pool.query("SHOW synchronous_commit");
    expect(rows).toEqual([{ synchronous_commit: "on" }]);
  });

  test("where the one that sweeps dies, another does", async () => {
    await addRequests(10);
    const dying = await other.pool.connect();
    dying.on("error", () => {});
    const { rows } = await dying.query("SELECT pg_advisory_lock($1), pg_backend_pid() AS pid", [SWEEP_LOCK]);
    expect(await sweep(one)).toBe(0);
    await one.pool.query("SELECT pg_terminate_backend($1)", [rows[0].pid]);
    await vi.waitFor(async () => expect(await sweep(one)).toBe(10));
    dying.release(true);
  });
});
