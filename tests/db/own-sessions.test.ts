/** One's own sessions: listed, ended, and never anybody else's. */
import { beforeEach, expect, test } from "vitest";
import { endOtherSessions, endOwnSession, listSessions } from "../../lib/db/own-sessions";
import { createSession, findSession } from "../../lib/db/sessions";
import { UsageLog } from "../../lib/db/usage";
import { onEachDatabase } from "../support/databases";

onEachDatabase((on) => {
  const device = { userAgent: "Some browser", address: "192.0.2.1" };
  let userId: string;
  beforeEach(async () => {
    userId = await on.facts.addUser();
  });
  const signIn = (who = userId, seconds = 3600) => createSession(on.db, who, seconds, device);
  const ids = async () => (await listSessions(on.db, userId)).sessions.map(({ id }) => id);

  test("those that hold are listed, newest first, and page by page", async () => {
    const first = await signIn();
    on.clock.forward(1);
    const second = await signIn();
    await signIn(userId, 1);
    on.clock.forward(1);
    await signIn(await on.facts.addUser());
    expect(await ids()).toEqual([second, first]);
    const page = await listSessions(on.db, userId, { limit: 1 });
    expect(page.sessions).toMatchObject([{ id: second, ...device, lastActiveAt: null }]);
    const rest = await listSessions(on.db, userId, { limit: 1, after: page.next ?? "" });
    expect([rest.sessions.map(({ id }) => id), rest.next]).toEqual([[first], null]);
  });

  test("all of one moment are listed once each, whatever the page's length", async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => signIn()));
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await listSessions(on.db, userId, { limit: 2, after });
      seen.push(...page.sessions.map(({ id }) => id));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(seen.sort()).toEqual(made.sort());
  });

  test("one ends with one line in the audit log; a second time, and somebody else's, not at all", async () => {
    const [mine, other] = [await signIn(), await signIn()];
    const stranger = await on.facts.addUser();
    expect(await endOwnSession(on.db, stranger, mine)).toBe(false);
    expect(await endOwnSession(on.db, userId, mine)).toBe(true);
    expect(await endOwnSession(on.db, userId, mine)).toBe(false);
    expect([await findSession(on.db, mine), (await findSession(on.db, other))?.id]).toEqual([null, userId]);
    const where = { action: "sessions.ended", actorId: { in: [userId, stranger] } };
    expect(await on.db.prisma.auditEvent.count({ where })).toBe(1);
  });

  test("all but the one somebody is in end at once, and nobody else's", async () => {
    const [one, two, current] = [await signIn(), await signIn(), await signIn()];
    const strangers = await signIn(await on.facts.addUser());
    expect(await endOtherSessions(on.db, userId, current)).toBe(2);
    expect(await endOtherSessions(on.db, userId, current)).toBe(0);
    const alive = await Promise.all([one, two, current, strangers].map((id) => findSession(on.db, id)));
    expect(alive.map((user) => user !== null)).toEqual([false, false, true, true]);
  });

  test("when it was last used is written off the path", async () => {
    const id = await signIn();
    on.clock.forward(600);
    const usage = new UsageLog(on.db, (error) => {
      throw error;
    });
    usage.session(id);
    usage.session("gone");
    await usage.close();
    expect((await listSessions(on.db, userId)).sessions).toMatchObject([
      { id, lastActiveAt: on.clock.now() },
    ]);
  });
});
