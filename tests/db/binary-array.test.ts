/** What is sent to the database in binary, on every database: it reads what was meant, whatever it is. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { binaryArray } from "../../lib/db/binary-array";
import { onEachDatabase } from "../support/databases";

/** PostgreSQL's text has no NUL, and UTF-8 no lone surrogates. */
const words = fc.string({ unit: "binary" }).filter((word) => !word.includes("\0"));
const moments = fc.date({
  min: new Date("1970-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59.999Z"),
  noInvalidDate: true,
});
const lists = <Value>(values: fc.Arbitrary<Value>) => fc.array(fc.option(values), { maxLength: 12 });

onEachDatabase((on) => {
  async function read<Row>(
    type: "text" | "bytea" | "timestamptz",
    array: Buffer,
    of = "value",
  ): Promise<Row[]> {
    const { rows } = await on.db.pool.query<{ value: Row }>({
      name: `test_read_${type}`,
      text: `SELECT ${of} AS value FROM unnest($1::${type}[]) WITH ORDINALITY AS t(value, n) ORDER BY n`,
      values: [array],
    });
    return rows.map(({ value }) => value);
  }

  test("texts", async () => {
    const property = fc.asyncProperty(lists(words), async (values) => {
      expect(await read("text", binaryArray("text", values))).toEqual(values);
    });
    await fc.assert(property, { numRuns: 30 });
  });

  test("bytes", async () => {
    const property = fc.asyncProperty(lists(fc.uint8Array({ maxLength: 200 })), async (values) => {
      const found = await read<Buffer | null>("bytea", binaryArray("bytea", values));
      expect(found.map((bytes) => bytes && new Uint8Array(bytes))).toEqual(values);
    });
    await fc.assert(property, { numRuns: 30 });
  });

  test("moments, to the millisecond and on both sides of 2000; date_part finds the same ones again", async () => {
    const property = fc.asyncProperty(lists(moments), async (values) => {
      const array = binaryArray(
        "timestamptz",
        values.map((moment) => moment?.toISOString() ?? null),
      );
      expect(await read("timestamptz", array, "round(date_part('epoch', value) * 1000)")).toEqual(
        values.map((moment) => moment?.getTime() ?? null),
      );
    });
    await fc.assert(property, { numRuns: 30 });
  });

  test("a text with NUL is refused by the database, as it is anywhere", async () => {
    await expect(read("text", binaryArray("text", ["a\0b"]))).rejects.toThrow(/invalid byte sequence/);
  });
});
