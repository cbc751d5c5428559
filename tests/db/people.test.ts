/** Accounts come into being once, whoever is faster. */
import { expect, test } from "vitest";
import { createPerson } from "../../lib/db/people";
import { findUserForSignIn } from "../../lib/db/users";
import { randomId } from "../../lib/oauth/tokens";
import { onEachDatabase, random } from "../support/databases";

onEachDatabase((on) => {
  const address = () => `${randomId(10, random)}@Example.test`;
  const make = (email: string, verified = true) =>
    on.db.prisma.$transaction((tx) =>
      createPerson(on.db, tx, { name: "Nora New", email, passwordHash: "a hash", verified }),
    );

  test("a person is there, with their address in lower case and one line in the audit log", async () => {
    const email = address();
    const id = await make(email);
    expect(await findUserForSignIn(on.db, email)).toMatchObject({ id, email: email.toLowerCase() });
    const events = await on.db.prisma.auditEvent.findMany({ where: { actorId: id } });
    expect(events).toMatchObject([{ action: "user.created", details: { name: "Nora New", verified: true } }]);
    const row = await on.db.prisma.user.findUniqueOrThrow({ where: { id: id ?? "" } });
    expect(row).toMatchObject({ emailVerifiedAt: on.clock.now(), kind: "person", isAdmin: false });
  });

  test("one whose address is not proven is there without a proof", async () => {
    const id = await make(address(), false);
    expect(await on.db.prisma.user.findUniqueOrThrow({ where: { id: id ?? "" } })).toMatchObject({
      emailVerifiedAt: null,
    });
  });

  test("an address makes one account: who comes later, or at the same moment, gets null and leaves nothing", async () => {
    const email = address();
    const made = await Promise.all([make(email), make(email.toUpperCase()), make(email)]);
    const ids = made.filter((id) => id !== null);
    expect(ids).toHaveLength(1);
    expect(await make(email)).toBeNull();
    const where = { action: "user.created", actorId: { in: ids } };
    expect(await on.db.prisma.auditEvent.count({ where })).toBe(1);
    expect(await on.db.prisma.user.count({ where: { email: email.toLowerCase() } })).toBe(1);
  });
});
