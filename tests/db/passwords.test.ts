/** Changing a password ends what the old one opened. */
import { describe, expect, it } from "vitest";
import { changePassword, findPasswordHash } from "../../lib/db/passwords";
import { createSession } from "../../lib/db/sessions";
import { randomId } from "../../lib/oauth/tokens";
import { onEachDatabase, random } from "../support/databases";

const device = { userAgent: "test", address: "127.0.0.1" };

describe("changing a password", () => {
  onEachDatabase((on) => {
    const person = async () => {
      const id = await on.facts.addUser();
      await on.db.prisma.user.update({ where: { id }, data: { passwordHash: "old" } });
      await createSession(on.db, id, 3600, device);
      return id;
    };
    const addToken = (userId: string) =>
      on.db.prisma.token.create({
        data: {
          hash: Buffer.from(random(32)),
          kind: "personal",
          last4: "abcd",
          name: randomId(8, random),
          userId,
          scopes: ["read"],
          createdAt: on.db.now(),
        },
      });

    it("ends every session of the person and nobody else's, and is logged", async () => {
      const [id, other] = [await person(), await person()];
      await addToken(id);
      expect(await changePassword(on.db, id, { from: "old", to: "new", endAccess: false })).toBe(true);
      expect(await findPasswordHash(on.db, id)).toBe("new");
      expect(await on.db.prisma.session.count({ where: { userId: id } })).toBe(0);
      expect(await on.db.prisma.session.count({ where: { userId: other } })).toBe(1);
      expect(await on.db.prisma.token.count({ where: { userId: id } })).toBe(1);
      const [event] = await on.db.prisma.auditEvent.findMany({ where: { actorId: id } });
      expect(event).toMatchObject({ action: "password.changed", details: { sessions: 1, tokens: 0 } });
    });

    it("ends tokens and app access, too, when the person wants that", async () => {
      const [id, other] = [await person(), await person()];
      await addToken(id);
      await addToken(other);
      await changePassword(on.db, id, { from: "old", to: "new", endAccess: true });
      expect(await on.db.prisma.token.count({ where: { userId: id } })).toBe(0);
      expect(await on.db.prisma.token.count({ where: { userId: other } })).toBe(1);
    });

    it("changes nothing when the password that was checked is no longer in force", async () => {
      const id = await person();
      await changePassword(on.db, id, { from: "old", to: "first", endAccess: false });
      await createSession(on.db, id, 3600, device);
      expect(await changePassword(on.db, id, { from: "old", to: "second", endAccess: true })).toBe(false);
      expect(await findPasswordHash(on.db, id)).toBe("first");
      expect(await on.db.prisma.session.count({ where: { userId: id } })).toBe(1);
    });

    it("is for people: not for suspended ones, not for service accounts", async () => {
      const id = await person();
      await on.db.prisma.user.update({ where: { id }, data: { kind: "service" } });
      expect(await findPasswordHash(on.db, id)).toBeNull();
      expect(await changePassword(on.db, id, { from: "old", to: "new", endAccess: false })).toBe(false);
    });
  });
});
