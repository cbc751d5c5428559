/** Prepared statements whose rows are described once, on every database. */
import pg from "pg";
import { expect, test, vi } from "vitest";
import { type PreparedStatement, runPrepared } from "../../lib/db/prepared-query";
import { onEachDatabase } from "../support/databases";

onEachDatabase((on) => {
  const run = <Row>(statement: PreparedStatement) => runPrepared<Row>(on.db.pool, statement);

  test("values come back as what pg would have made of them", async () => {
    const statement = {
      name: "test_types",
      text: `SELECT $1::text AS word, $2::bytea AS bytes, $2::bytea AS view, 7 AS whole, 1.5::float8 AS real, true AS yes,
        '{"a": [1]}'::jsonb AS json, ARRAY['x', 'y'] AS list, $3::timestamptz AS at, $4::text AS nothing`,
      values: ["wörd", new Uint8Array([0, 255, 10]), "2026-11-30T12:00:00.250Z", null],
    };
    const { rows } = await on.db.pool.query({ ...statement, name: "test_types_by_pg" });
    for (const _ of ["described", "remembered"]) expect(await run(statement)).toEqual(rows);
    expect(rows).toMatchObject([
      { word: "wörd", whole: 7, json: { a: [1] }, list: ["x", "y"], nothing: null },
    ]);
  });

  test("any number of rows, none included", async () => {
    const upTo = (n: string) =>
      run<{ i: number }>({
        name: "test_rows",
        text: "SELECT i FROM generate_series(1, $1::int) AS i",
        values: [n],
      });
    expect(await upTo("0")).toEqual([]);
    expect(await upTo("3")).toEqual([{ i: 1 }, { i: 2 }, { i: 3 }]);
    expect(await upTo("1000")).toHaveLength(1000);
  });

  test("rows are described once for each connection, and statements parsed once", async () => {
    const [describe, parse] = (["describe", "parse"] as const).map((name) =>
      vi.spyOn(pg.Connection.prototype, name),
    );
    for (const value of ["a", "b", "c"])
      expect(await run({ name: "test_once", text: "SELECT $1::text AS value", values: [value] })).toEqual([
        { value },
      ]);
    expect(describe).toHaveBeenCalledTimes(1);
    expect(parse).toHaveBeenCalledTimes(1);
  });

  test("two statements in turn keep their columns apart", async () => {
    for (const _ of [1, 2]) {
      expect(await run({ name: "test_left", text: "SELECT 1 AS a", values: [] })).toEqual([{ a: 1 }]);
      expect(await run({ name: "test_right", text: "SELECT 2 AS b, 3 AS c", values: [] })).toEqual([
        { b: 2, c: 3 },
      ]);
    }
  });

  test("a row that one call changes is nobody else's", async () => {
    const one = () => run<{ a: number }>({ name: "test_own", text: "SELECT 1 AS a, 2 AS b", values: [] });
    const [row] = await one();
    if (row) row.a = 9;
    expect(await one()).toEqual([{ a: 1, b: 2 }]);
  });

  test.each([
    ["does not parse", "SELEC", "42601"],
    ["fails on its value", "SELECT 1 / $1::int AS sum", "22012"],
    ["fails after some rows", "SELECT 1 / (2 - i - $1::int) FROM generate_series(0, 5) AS i", "22012"],
  ])(
    "what %s is refused with the database's reason, and harms nothing after it",
    async (name, text, code) => {
      const failing = { name: `test_${name}`, text, values: ["0"] };
      for (const _ of [1, 2]) await expect(run(failing)).rejects.toMatchObject({ code });
      expect(await run({ name: "test_after", text: "SELECT 1 AS a", values: [] })).toEqual([{ a: 1 }]);
      expect(on.db.pool.waitingCount).toBe(0);
    },
  );

  test("a value that cannot be sent is refused, and harms nothing after it", async () => {
    const values = [7 as unknown as string];
    await expect(run({ name: "test_number", text: "SELECT $1::text AS a", values })).rejects.toThrow(
      TypeError,
    );
    expect(await run({ name: "test_after", text: "SELECT 1 AS a", values: [] })).toEqual([{ a: 1 }]);
    expect(on.db.pool.waitingCount).toBe(0);
  });

  test("many at once, more than there are connections", async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        run<{ i: number }>({ name: "test_many", text: "SELECT $1::int AS i", values: [String(i)] }),
      ),
    );
    expect(answers.map(([row]) => row?.i)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });
});
