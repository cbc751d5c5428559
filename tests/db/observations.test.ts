import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sweep } from "../../lib/db/housekeeping";
import { KEPT_URIS, Observations } from "../../lib/db/observations";
import { onEachDatabase } from "../support/databases";
import type { TestApp } from "../support/facts";

const uri = (name: string) => `https://yourapp.example/${name}`;

onEachDatabase((on) => {
  let app: TestApp;
  let last: Observations | undefined;
  afterEach(() => last?.close());
  beforeEach(async () => {
    app = await on.facts.addApp();
  });

  function observations(onError: (error: unknown) => void = (error) => expect.unreachable(String(error))) {
    last = new Observations(on.db, onError);
    return last;
  }
  const traits = () =>
    on.db.prisma.requestTrait.findMany({
      where: { appId: app.client_id },
      orderBy: [{ day: "asc" }, { trait: "asc" }],
      select: { trait: true, day: true, count: true, lastAt: true },
    });
  const uris = () =>
    on.db.prisma.observedRedirectUri.findMany({
      where: { appId: app.client_id },
      orderBy: { lastAt: "desc" },
      select: { uri: true, count: true, firstAt: true, lastAt: true },
    });
  const today = () => new Date(on.clock.now().toISOString().slice(0, 10));

  test("what requests needed is counted by app, kind and day, with the last time of each", async () => {
    const heard = observations();
    heard.observe(app.client_id, ["authorize_without_pkce", "authorize_without_state"]);
    on.clock.forward(5);
    heard.observe(app.client_id, ["authorize_without_pkce"]);
    const [day, at] = [today(), on.clock.now()];
    await heard.flush();
    heard.observe(app.client_id, ["authorize_without_pkce"]);
    on.clock.forward(24 * 60 * 60);
    heard.observe(app.client_id, ["authorize_without_pkce"]);
    await heard.flush();
    expect(await traits()).toEqual([
      { trait: "authorize_without_pkce", day, count: 3, lastAt: at },
      { trait: "authorize_without_state", day, count: 1, lastAt: new Date(at.getTime() - 5000) },
      { trait: "authorize_without_pkce", day: today(), count: 1, lastAt: on.clock.now() },
    ]);
  });

  test("nothing is written while it is heard, and by itself a moment later", async () => {
    const heard = observations();
    const query = vi.spyOn(on.db.pool, "query");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      heard.observe(app.client_id, ["refresh"]);
      heard.observeRedirect(app.client_id, uri("cb"));
      heard.observe(app.client_id, []);
      expect(query).not.toHaveBeenCalled();
      vi.advanceTimersByTime(2000);
    } finally {
      vi.useRealTimers();
    }
    await expect.poll(traits).toHaveLength(1);
    await expect.poll(uris).toHaveLength(1);
    query.mockRestore();
  });

  test("redirect URIs are counted with the first and the last time", async () => {
    const heard = observations();
    const first = on.clock.now();
    heard.observeRedirect(app.client_id, uri("cb"));
    on.clock.forward(60);
    heard.observeRedirect(app.client_id, uri("cb"));
    await heard.flush();
    on.clock.forward(60);
    heard.observeRedirect(app.client_id, uri("cb"));
    await heard.flush();
    expect(await uris()).toEqual([{ uri: uri("cb"), count: 3, firstAt: first, lastAt: on.clock.now() }]);
  });

  test("an app keeps the fifty redirect URIs it used last, within one batch and over several", async () => {
    const heard = observations();
    const use = (name: string) => {
      on.clock.forward(1);
      heard.observeRedirect(app.client_id, uri(name));
    };
    for (let at = 0; at < 30; at += 1) use(`a${at}`);
    await heard.flush();
    for (let at = 0; at < KEPT_URIS + 10; at += 1) use(`b${at}`);
    use("a0");
    await heard.flush();
    const kept = (await uris()).map((row) => row.uri);
    const expected = Array.from({ length: KEPT_URIS - 1 }, (_, at) => uri(`b${KEPT_URIS + 9 - at}`));
    expect(kept).toEqual([uri("a0"), ...expected]);
    expect((await uris())[0]?.count).toBe(2);
  });

  test("a URI too long to be registered is not kept", async () => {
    const heard = observations();
    heard.observeRedirect(app.client_id, uri("x".repeat(2000)));
    await heard.flush();
    expect(await uris()).toEqual([]);
  });

  test("what a deleted app left behind is passed over, and the rest is written", async () => {
    const heard = observations();
    const gone = await on.facts.addApp();
    for (const { client_id } of [gone, app]) {
      heard.observe(client_id, ["refresh"]);
      heard.observeRedirect(client_id, uri("cb"));
    }
    await on.facts.deleteApp(gone.client_id);
    await heard.flush();
    expect(await traits()).toHaveLength(1);
    expect(await uris()).toHaveLength(1);
    expect(await on.db.prisma.requestTrait.count({ where: { appId: gone.client_id } })).toBe(0);
  });

  test("deleting an app takes its counts with it", async () => {
    const heard = observations();
    heard.observe(app.client_id, ["refresh"]);
    heard.observeRedirect(app.client_id, uri("cb"));
    await heard.flush();
    await on.facts.deleteApp(app.client_id);
    expect(await traits()).toEqual([]);
    expect(await uris()).toEqual([]);
  });

  test("a write that fails is told, kept, and added to what came since", async () => {
    const errors: unknown[] = [];
    const heard = observations((error) => errors.push(error));
    heard.observe(app.client_id, ["refresh"]);
    heard.observeRedirect(app.client_id, uri("cb"));
    vi.spyOn(on.db.pool, "query")
      .mockImplementationOnce(() => Promise.reject(new Error("down")))
      .mockImplementationOnce(() => Promise.reject(new Error("still down")));
    await heard.flush();
    expect(errors).toMatchObject([{ message: "down" }, { message: "still down" }]);
    expect(await traits()).toEqual([]);
    heard.observe(app.client_id, ["refresh"]);
    heard.observeRedirect(app.client_id, uri("cb"));
    await heard.flush();
    expect(await traits()).toMatchObject([{ trait: "refresh", count: 2 }]);
    expect(await uris()).toMatchObject([{ uri: uri("cb"), count: 2 }]);
    expect(errors).toHaveLength(2);
  });

  test("closing writes what is left", async () => {
    const heard = observations();
    heard.observe(app.client_id, ["refresh"]);
    await heard.close();
    expect(await traits()).toHaveLength(1);
  });

  test("counts leave after a month", async () => {
    const heard = observations();
    heard.observe(app.client_id, ["refresh"]);
    await heard.flush();
    on.clock.forward(30 * 24 * 60 * 60);
    await sweep(on.db);
    expect(await traits()).toHaveLength(1);
    on.clock.forward(2 * 24 * 60 * 60);
    await sweep(on.db);
    expect(await traits()).toEqual([]);
  });
});
