/** The embedded database behind `pg`: one backend, whatever becomes of a connection. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "../../lib/db/database";
import { random } from "../support/databases";

let db: Database;
beforeAll(async () => {
  db = await openDatabase({ location: { folder: null }, now: () => new Date(0), random });
});
afterAll(() => db?.close());

const divide = (by: number) =>
  db.pool.query({ name: "divide", text: "SELECT 100 / $1::int AS result", values: [by] });

test("a prepared statement that failed can be used again", async () => {
  expect((await divide(4)).rows).toEqual([{ result: 25 }]);
  for (let again = 0; again < 3; again++) await expect(divide(0)).rejects.toThrow("division by zero");
  expect((await divide(5)).rows).toEqual([{ result: 20 }]);
});

test("of many queries at once each gets its own answer or error", async () => {
  const numbers = Array.from({ length: 40 }, (_, at) => at % 4);
  const answers = await Promise.allSettled(numbers.map((by) => divide(by)));
  for (const [at, by] of numbers.entries())
    if (by === 0) expect(answers[at]).toMatchObject({ status: "rejected", reason: { code: "22012" } });
    else
      expect(answers[at]).toMatchObject({
        status: "fulfilled",
        value: { rows: [{ result: Math.trunc(100 / by) }] },
      });
});

test("a transaction whose connection was dropped is rolled back, and its lock is gone", async () => {
  await db.pool.query("CREATE TABLE kept (id int)");
  const client = await db.pool.connect();
  await client.query("BEGIN");
  await client.query("INSERT INTO kept VALUES (1)");
  await client.query("SELECT pg_advisory_lock(1)");
  await client.query("PREPARE left_behind AS SELECT 1");
  client.release(new Error("broken"));
  expect((await db.pool.query("SELECT * FROM kept")).rows).toEqual([]);
  expect(
    (await db.pool.query("SELECT * FROM pg_prepared_statements WHERE name = 'left_behind'")).rows,
  ).toEqual([]);
  expect((await db.pool.query("SELECT * FROM pg_locks WHERE locktype = 'advisory'")).rows).toEqual([]);
});

test("values of any size and kind come back as they went", async () => {
  const text = "é€😀\n'\\".repeat(50_000);
  const bytes = Buffer.from(random(300_000));
  const { rows } = await db.pool.query(
    "SELECT $1::text AS text, $2::bytea AS bytes, $3::text[] AS list, $4::timestamptz AS at",
    [text, bytes, ["a", 'b"', "c,d", "{}"], new Date(1234567890123)],
  );
  expect(rows[0].text === text && bytes.equals(rows[0].bytes)).toBe(true);
  expect(rows[0]).toMatchObject({ list: ["a", 'b"', "c,d", "{}"], at: new Date(1234567890123) });
});

test("a transaction of Prisma's that fails leaves the database usable", async () => {
  const broken = db.prisma.$transaction(async (tx) => {
    await tx.$executeRaw`INSERT INTO kept VALUES (2)`;
    await tx.$executeRaw`INSERT INTO nowhere VALUES (1)`;
  });
  await expect(broken).rejects.toThrow();
  expect((await db.pool.query("SELECT * FROM kept")).rows).toEqual([]);
});
