/** Statements that requests share, on every database. */
import pg from "pg";
import { expect, test, vi } from "vitest";
import { SharedStatement } from "../../lib/db/shared-statement";
import { DatabaseUnavailable } from "../../lib/db/unavailable";
import { onEachDatabase } from "../support/databases";

interface Sum {
  n: number;
  sum: number;
}

const text = (name: string, of: (input: string) => string) => ({ name, type: "text" as const, of });

const INVERSE = new SharedStatement<string, Sum>({
  name: "test_inverse",
  columns: [text("divisor", (input) => input)],
  text: "SELECT n, 100 / divisor::int AS sum FROM input WHERE divisor <> '100'",
});

const SHARED = new SharedStatement<string, Sum & { rows: number }>({
  name: "test_shared",
  columns: [text("word", (input) => input)],
  shares: (input) => input,
  text: "SELECT n, length(word) AS sum, (SELECT count(*)::int FROM input) AS rows FROM input",
});

/** Counts a row's uses; the answer is how often by now. */
const COUNT = new SharedStatement<string, Sum>({
  name: "test_count",
  columns: [text("id", (input) => input)],
  apart: (input) => input,
  text: ", counted AS (UPDATE uses u SET count = count + 1 FROM input i WHERE u.id = i.id RETURNING i.n, u.count) SELECT n, count AS sum FROM counted",
});

onEachDatabase((on) => {
  test("requests that arrive together go together, and each gets its own answer", async () => {
    const query = vi.spyOn(pg.Client.prototype, "query");
    const answers = await Promise.all(["1", "2", "4", "5", "10"].map((input) => INVERSE.run(on.db, input)));
    expect(answers.map((row) => row?.sum)).toEqual([100, 50, 25, 20, 10]);
    expect(query).toHaveBeenCalledTimes(1);
  });

  test("an input for which nothing comes out is answered with null", async () => {
    const answers = await Promise.all(["50", "100", "25"].map((input) => INVERSE.run(on.db, input)));
    expect(answers.map((row) => row?.sum ?? null)).toEqual([2, null, 4]);
  });

  test("a bad row fails alone", async () => {
    const answers = await Promise.allSettled(["5", "0", "x", "20"].map((input) => INVERSE.run(on.db, input)));
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
    expect(answers[3]).toMatchObject({ value: { sum: 5 } });
  });

  test("more than one statement holds is answered by several", async () => {
    const inputs = Array.from({ length: 500 }, (_, place) => String((place % 50) + 1));
    const answers = await Promise.all(inputs.map((input) => INVERSE.run(on.db, input)));
    expect(answers.map((row) => row?.sum)).toEqual(inputs.map((input) => Math.floor(100 / Number(input))));
  });

  test("reads that ask the same share a row", async () => {
    const answers = await Promise.all(["ab", "abc", "ab", "ab"].map((input) => SHARED.run(on.db, input)));
    expect(answers.map((row) => row?.sum)).toEqual([2, 3, 2, 2]);
    expect(answers[0]?.rows).toBe(2);
  });

  test("writes of the same row go one after the other, and every one is made", async () => {
    await on.db.pool.query("CREATE TABLE uses (id text PRIMARY KEY, count int NOT NULL DEFAULT 0)");
    await on.db.pool.query("INSERT INTO uses (id) VALUES ('a'), ('b')");
    const inputs = ["a", "b", "a", "a", "b", "a", "nobody"];
    const answers = await Promise.all(inputs.map((input) => COUNT.run(on.db, input)));
    expect(answers.map((row) => row?.sum ?? null)).toEqual([1, 1, 2, 3, 2, 4, null]);
  });

  test("what was committed before a request arrived is seen by it", async () => {
    await on.db.pool.query("CREATE TABLE switch (word text)");
    const read = new SharedStatement<string, Sum>({
      name: "test_switch",
      columns: [text("word", (input) => input)],
      shares: (input) => input,
      text: "SELECT n, (SELECT count(*)::int FROM switch) AS sum FROM input",
    });
    const seen: number[] = [];
    for (let round = 0; round < 20; round++) {
      const meanwhile = Promise.all(Array.from({ length: 5 }, () => read.run(on.db, "same")));
      await on.db.pool.query("INSERT INTO switch VALUES ('on')");
      seen.push((await read.run(on.db, "same"))?.sum ?? 0);
      await meanwhile;
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, round) => round + 1));
  });

  test("when too many wait, the next is refused at once and those waiting are answered", async () => {
    const waiting = Array.from({ length: 4096 }, () => INVERSE.run(on.db, "50"));
    await expect(INVERSE.run(on.db, "50")).rejects.toThrow(DatabaseUnavailable);
    expect((await Promise.all(waiting)).every((row) => row?.sum === 2)).toBe(true);
    expect((await INVERSE.run(on.db, "25"))?.sum).toBe(4);
  });

  test("says that the database is away to everybody who waited for it, and asks again for the next", async () => {
    const away = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    const connect = vi
      .spyOn(on.db.pool, "connect")
      .mockImplementationOnce((...[refuse]: unknown[]) => (refuse as (error: Error) => void)(away));
    const answers = await Promise.allSettled(["1", "2", "4"].map((input) => INVERSE.run(on.db, input)));
    expect(answers).toEqual(answers.map(() => ({ status: "rejected", reason: away })));
    expect(connect).toHaveBeenCalledTimes(1);
    expect(await INVERSE.run(on.db, "4")).toMatchObject({ sum: 25 });
  });
});
