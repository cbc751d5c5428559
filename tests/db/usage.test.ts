import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { toBytes } from "../../lib/db/bytes";
import { UsageLog } from "../../lib/db/usage";
import type { Caller } from "../../lib/oauth/message";
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
    const writes = () => query.mock.calls.map(([sql]) => /UPDATE (\w+)/.exec(String(sql))?.[1]);
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

  test("many are written fifty at a time; when one write fails, it and those behind it are kept", async () => {
    const errors: unknown[] = [];
    const real = on.db.pool.query;
    const { usage, query } = usageLog((error) => errors.push(error));
    const userId = await on.facts.addUser();
    const hashes = Array.from({ length: 120 }, (_, number) => hashCredential(`${userId} ${number}`));
    await on.db.prisma.token.createMany({
      data: hashes.map((hash) => ({
        ...{ hash: toBytes(hash), kind: "access" as const, last4: "xxxx", userId, scopes: [] },
        createdAt: on.clock.now(),
      })),
    });
    const written = () => on.db.prisma.token.count({ where: { userId, lastUsedAt: { not: null } } });
    for (const hash of hashes) usage.token(hash);
    query.mockImplementationOnce((...args: unknown[]) => Reflect.apply(real, on.db.pool, args));
    query.mockImplementationOnce(() => Promise.reject(new Error("down")));
    await usage.flush(true);
    expect(errors).toMatchObject([{ message: "down" }]);
    expect(await written()).toBe(50);
    await usage.flush(true);
    expect(await written()).toBe(120);
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

  describe("where from and with what", () => {
    const from = (address: string, agent?: string): Caller => ({ address, headers: { "user-agent": agent } });
    const addToken = async (name: string) => {
      const hash = hashCredential(`${name} of ${app.client_id}`);
      await on.db.prisma.token.create({
        data: { hash: toBytes(hash), kind: "access", last4: "xxxx", scopes: [], createdAt: on.clock.now() },
      });
      return hash;
    };
    const kept = async (hash: string) => {
      const row = await on.db.prisma.token.findUniqueOrThrow({ where: { hash: toBytes(hash) } });
      return [row.lastUsedAt, row.lastUsedAddress, row.lastUsedAgent];
    };

    test("is kept with the time, of a token and of a secret", async () => {
      const { usage } = usageLog();
      const hash = await addToken("one");
      usage.token(hash, from("203.0.113.7", "curl/8.5.0"));
      usage.client(app.client_id, secretHash(), from("2001:db8::1", "python-requests/2.32"));
      await usage.close();
      expect(await kept(hash)).toEqual([on.clock.now(), "203.0.113.7", "curl/8.5.0"]);
      const secret = await on.db.prisma.clientSecret.findUniqueOrThrow({
        where: { hash: toBytes(secretHash()) },
      });
      expect(secret).toMatchObject({
        lastUsedAddress: "2001:db8::1",
        lastUsedAgent: "python-requests/2.32",
      });
    });

    test("within a minute, somebody who only asks about a token does not hide who used it", async () => {
      const { usage } = usageLog();
      const hash = await addToken("asked");
      usage.token(hash, from("203.0.113.7", "curl/8.5.0"));
      on.clock.forward(5);
      usage.token(hash);
      await usage.close();
      expect(await kept(hash)).toEqual([on.clock.now(), "203.0.113.7", "curl/8.5.0"]);
    });

    test("a use that nobody knows the address of does not claim an old one", async () => {
      const { usage } = usageLog();
      const hash = await addToken("unknown");
      usage.token(hash, from("203.0.113.7", "curl/8.5.0"));
      await usage.flush(true);
      on.clock.forward(3600);
      usage.token(hash);
      await usage.close();
      expect(await kept(hash)).toEqual([on.clock.now(), null, null]);
    });

    test("an older use written later changes none of the three", async () => {
      const { usage } = usageLog();
      const hash = await addToken("late");
      const late = new Date(on.clock.now().getTime() + 60_000);
      const data = { lastUsedAt: late, lastUsedAddress: "198.51.100.1", lastUsedAgent: "new/1" };
      await on.db.prisma.token.update({ where: { hash: toBytes(hash) }, data });
      usage.token(hash, from("203.0.113.7", "curl/8.5.0"));
      await usage.close();
      expect(await kept(hash)).toEqual([late, "198.51.100.1", "new/1"]);
    });

    test.each([
      ["too long", "a".repeat(16_000), "a".repeat(300)],
      ["with control characters", "curl\u0000\u0007/8\u001b[31m\u0085", "curl/8[31m"],
      ["that turns the writing round", "\u202ecurl/8\u2066", "curl/8"],
      ["of markup", `<script>alert(1)</script>"'`, `<script>alert(1)</script>"'`],
      ["of nothing but space", " \t ", null],
    ])("a user agent %s is kept as plain text", async (_, sent, stored) => {
      const { usage } = usageLog();
      const hash = await addToken(`agent ${sent.length} ${stored}`);
      usage.token(hash, from("203.0.113.7", sent));
      await usage.close();
      expect((await kept(hash))[2]).toBe(stored);
    });

    test("an address is cut, too", async () => {
      const { usage } = usageLog();
      const hash = await addToken("address");
      usage.token(hash, from("1".repeat(500)));
      await usage.close();
      expect((await kept(hash)).slice(1)).toEqual(["1".repeat(64), null]);
    });
  });
});
