/** Which errors say that the database is away, full or too slow: as `pg`, Prisma and the system really throw them. */
import net, { type AddressInfo } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../lib/db/database";
import { DatabaseUnavailable, isUnavailable } from "../../lib/db/unavailable";
import { onEachDatabase, random } from "../support/databases";

const withCode = (code: string, message = "something") => Object.assign(new Error(message), { code });

describe("by their codes", () => {
  test.each([
    ...[
      "08000",
      "08006",
      "53100",
      "53200",
      "53300",
      "57P01",
      "57P02",
      "57P03",
      "57014",
      "55P03",
      "58030",
      "25006",
    ],
    ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "ENOSPC", "EDQUOT"],
    ...["P1001", "P1017", "P2024", "P2028"],
  ])("%s is", (code) => {
    expect(isUnavailable(withCode(code))).toBe(true);
    expect(isUnavailable(new Error("wrapped", { cause: withCode(code) }))).toBe(true);
  });

  test.each([
    "23505",
    "22P02",
    "40001",
    "42P01",
    "28P01",
    "57P",
    "0800",
    "P2002",
    "P2025",
    "ENOENT",
    "EACCES",
    "",
  ])("%j is not", (code) => {
    expect(isUnavailable(withCode(code))).toBe(false);
  });
});

describe("by what they are", () => {
  test.each([
    ["ours", new DatabaseUnavailable("too many requests wait for the database")],
    ["several at once", new AggregateError([withCode("ECONNREFUSED")])],
    [
      "Prisma's, with what its adapter said",
      { meta: { driverAdapterError: { cause: { kind: "DatabaseNotReachable" } } } },
    ],
    [
      "Prisma's, with the code it had",
      { meta: { driverAdapterError: { cause: { kind: "postgres", originalCode: "57P01" } } } },
    ],
    ["Prisma's at its start", { errorCode: "P1001" }],
    ["the pool's", new Error("timeout exceeded when trying to connect")],
    ["the driver's", new Error("Connection terminated unexpectedly")],
  ])("%s", (_, error) => {
    expect(isUnavailable(error)).toBe(true);
  });

  test.each([
    ["nothing", null],
    ["a string", "ECONNREFUSED"],
    [
      "words that only look alike",
      new Error("the client was closed and is not queryable any more, says the user"),
    ],
    ["a number for a code", Object.assign(new Error(), { code: 53100 })],
  ])("but not %s", (_, error) => {
    expect(isUnavailable(error)).toBe(false);
  });

  test("an error that causes itself ends", () => {
    const error = new Error("round");
    error.cause = error;
    expect(isUnavailable(error)).toBe(false);
  });
});

describe("as they are thrown by a database that is not there", () => {
  let db: Database;
  beforeAll(async () => {
    const port = await freePort();
    const location = { url: `postgresql://nobody@127.0.0.1:${port}/nothing` };
    db = await openDatabase({ location, now: () => new Date(0), random });
  });
  afterAll(() => db?.close());

  const failures: [string, () => Promise<unknown>][] = [
    ["a statement of ours", () => db.pool.query("SELECT 1")],
    ["a connection", () => db.pool.connect()],
    ["a query of Prisma's", () => db.prisma.user.count()],
    ["a raw one", () => db.prisma.$queryRaw`SELECT 1`],
    ["a transaction", () => db.prisma.$transaction((tx) => tx.user.count())],
    ["a transaction of several", () => db.prisma.$transaction([db.prisma.user.count()])],
  ];
  // The first finds out; the second meets the refusal of a database known to be away.
  test.each([...failures, ...failures])("%s", async (_, ask) => {
    const error = await ask().then(
      () => null,
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(Error);
    expect(isUnavailable(error)).toBe(true);
  });
});

onEachDatabase((on) => {
  test("what a statement itself did wrong is something else", async () => {
    const { db } = on;
    const wrong = [
      db.pool.query("SELECT * FROM nowhere"),
      db.pool.query("SELECT 1 / 0"),
      db.prisma.$queryRaw`SELECT * FROM nowhere`,
      db.prisma.user.findUniqueOrThrow({ where: { id: "nobody" } }),
    ];
    for (const result of await Promise.allSettled(wrong)) {
      expect(result.status).toBe("rejected");
      expect(result.status === "rejected" && isUnavailable(result.reason)).toBe(false);
    }
  });
});

test("a connection that is ended in the middle of a statement, by whoever", async () => {
  const server = net.createServer((socket) => socket.once("data", () => socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const client = new pg.Client({ host: "127.0.0.1", port, user: "nobody" });
  const error = await client.connect().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  server.close();
  expect(isUnavailable(error)).toBe(true);
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
