/** The queue in front of the database: it has an end, and nobody stands in it for long. */
import net, { type AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BoundedPool } from "../../lib/db/bounded-pool";
import { DatabaseUnavailable, isUnavailable } from "../../lib/db/unavailable";

const WAITING = 1000;
const availability = { isAway: false, isStrained: false, check: async () => availability.isAway };
const server = net.createServer(() => {}); // takes connections and says nothing
let pool: BoundedPool;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const config = { host: "127.0.0.1", port, user: "nobody", max: 1, connectionTimeoutMillis: 500 };
  pool = new BoundedPool(config, availability);
});
afterAll(async () => {
  await pool.end();
  server.close();
});

test("as many may wait as there is room for; one more is refused at once, the others in time", async () => {
  const asked = Array.from({ length: WAITING + 1 }, () => pool.query("SELECT 1"));
  const outcomes = Promise.allSettled(asked);
  expect(pool.waitingCount).toBe(WAITING);
  for (const oneMore of [pool.query("SELECT 1"), pool.connect()])
    await expect(oneMore).rejects.toEqual(new DatabaseUnavailable("too many requests wait for the database"));
  expect(pool.waitingCount).toBe(WAITING);
  for (const outcome of await outcomes)
    expect(outcome.status === "rejected" && isUnavailable(outcome.reason)).toBe(true);
  expect(pool.waitingCount).toBe(0);
});

test("nobody waits for a database that is known to be away", async () => {
  availability.isAway = true;
  for (const asked of [pool.query("SELECT 1"), pool.connect()])
    await expect(asked).rejects.toEqual(new DatabaseUnavailable("the database does not answer"));
  expect(pool.waitingCount).toBe(0);
  availability.isAway = false;
});
