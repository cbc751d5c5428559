import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { toBytes } from "../../lib/db/bytes";
import { UsageLog } from "../../lib/db/usage";
import { hashCredential } from "../../lib/oauth/tokens";
import { onEachDatabase } from "../support/databases";
import type { TestApp } from "../support/facts";

onEachDatabase((on) => {
  let app: TestApp;
  let time: number;
  let last: UsageLog | undefined;
  afterEach(() => last?.close());
  beforeEach(async () => {
    app = await on.facts.addApp();
    time = 1_000_000;
    vi.spyOn(performance, "now").mockImplementation(() => time);
  });

  function usageLog(onError: (error: unknown) => void = (error) => expect.unreachable(String(error))) {
    const query = vi.spyOn(on.db.pool, "query");
    const writes = () => query.mock.calls.map(([sql]) => String(sql).split(" ")[1]);
    last = new UsageLog(on.db, onError);
    return { usage: last, writes, query };
  }
  const secretHash = () => hashCredential(app.secret);
  const usedAt = async () => {
    const row = await on.db.prisma.app.findUniqueOrThrow({
      where: { id: app.client_id },
      include: { secrets: true },
    });
    return [row.lastUsedAt, row.secrets[0]?.lastUsedAt];
  };

  test("uses are written together, with the last time of each", async () => {
    const { usage, writes } = usageLog();
    usage.client(app.client_id, secretHash());
    on.clock.forward(5);
    const other = await on.facts.addApp();
    usage.client(app.client_id, secretHash());
    usage.client(other.client_id, null);
    const at = on.clock.now();
    const before = writes().length;
    await usage.flush(false);
    expect(writes().slice(before).toSorted()).toEqual(["apps", "client_secrets"]);
    expect(await usedAt()).toEqual([at, at]);
  });

  test("a row is written at most once a minute, and not forgotten", async () => {
    const { usage, writes } = usageLog();
    const first = on.clock.now();
    usage.client(app.client_id, null);
    await usage.flush(false);
    on.clock.forward(30);
    time += 30_000;
    usage.client(app.client_id, null);
    const second = on.clock.now();
    const before = writes().length;
    await usage.flush(false);
    expect(writes().slice(before)).toEqual([]);
    expect((await usedAt())[0]).toEqual(first);
    time += 30_000;
    await usage.flush(false);
    expect((await usedAt())[0]).toEqual(second);
    await usage.close();
  });

  test("closing writes what is left, at once", async () => {
    const { usage } = usageLog();
    usage.client(app.client_id, null);
    await usage.flush(false);
    on.clock.forward(1);
    usage.client(app.client_id, null);
    await usage.close();
    expect((await usedAt())[0]).toEqual(on.clock.now());
  });

  test("a write that fails is told and kept for the next", async () => {
    const errors: unknown[] = [];
    const { usage, query } = usageLog((error) => errors.push(error));
    usage.client(app.client_id, null);
    query.mockImplementationOnce(() => Promise.reject(new Error("down")));
    await usage.flush(false);
    expect(errors).toMatchObject([{ message: "down" }]);
    expect((await usedAt())[0]).toBeNull();
    time += 60_000;
    await usage.flush(false);
    expect((await usedAt())[0]).toEqual(on.clock.now());
    expect(errors).toHaveLength(1);
  });

  test("an earlier use written later does not turn the time back", async () => {
    const { usage } = usageLog();
    const late = new Date(on.clock.now().getTime() + 60_000);
    await on.db.prisma.app.update({ where: { id: app.client_id }, data: { lastUsedAt: late } });
    usage.client(app.client_id, null);
    await usage.close();
    expect((await usedAt())[0]).toEqual(late);
  });

  test("tokens are noted by their hash, and what is gone is passed over", async () => {
    const { usage } = usageLog();
    const hash = hashCredential(`token of ${app.client_id}`);
    await on.db.prisma.token.create({
      data: { hash: toBytes(hash), kind: "access", last4: "xxxx", scopes: [], createdAt: on.clock.now() },
    });
    usage.token(hash);
    usage.token(hashCredential("gone"));
    usage.client("gone", hashCredential("gone"));
    await usage.close();
    const row = await on.db.prisma.token.findUniqueOrThrow({ where: { hash: toBytes(hash) } });
    expect(row.lastUsedAt).toEqual(on.clock.now());
  });

  test("a first use is written soon, also while another waits for its minute", async () => {
    const { usage } = usageLog();
    const other = await on.facts.addApp();
    usage.client(other.client_id, null);
    await usage.close();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      usage.client(other.client_id, null);
      vi.advanceTimersByTime(2000);
      await usage.flush(false); // the other waits
      usage.client(app.client_id, null);
      vi.advanceTimersByTime(2000);
    } finally {
      vi.useRealTimers();
    }
    await expect.poll(async () => (await usedAt())[0]).toEqual(on.clock.now());
  });

  test("without a flush the first use is written by itself", async () => {
    const { usage } = usageLog();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      usage.client(app.client_id, null);
      vi.advanceTimersByTime(2000);
    } finally {
      vi.useRealTimers();
    }
    await expect.poll(async () => (await usedAt())[0]).toEqual(on.clock.now());
  });
});
