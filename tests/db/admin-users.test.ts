/** What administrators see of people and do about them. */
import { beforeEach, describe, expect, test } from "vitest";
import { findUser, listUsers, type UsersQuery } from "../../lib/db/all-users";
import { toBytes } from "../../lib/db/bytes";
import { findLink } from "../../lib/db/one-time-links";
import { setFirstPassword } from "../../lib/db/passwords";
import { createSession, findSession } from "../../lib/db/sessions";
import { createStore } from "../../lib/db/store";
import {
  createUser,
  endSessionsOf,
  renewWelcome,
  resumeUser,
  setAdministrator,
  suspendUser,
} from "../../lib/db/user-changes";
import { findUserForSignIn } from "../../lib/db/users";
import { hashCredential, mint, randomId } from "../../lib/oauth/tokens";
import { onEachDatabase, random } from "../support/databases";

onEachDatabase((on) => {
  let admin: string;
  beforeEach(async () => {
    await on.db.prisma.user.deleteMany();
    admin = await newAdmin();
    on.clock.forward(1);
  });

  async function newAdmin(): Promise<string> {
    const id = await on.facts.addUser();
    await on.facts.makeAdmin(id);
    return id;
  }
  const device = { userAgent: "Mozilla/5.0", address: "192.0.2.1" };
  const signIn = (userId: string) => createSession(on.db, userId, 3600, device);
  async function tokenOf(userId: string): Promise<string> {
    const { hash, last4 } = mint("pat", random);
    const row = { hash: toBytes(hash), last4, kind: "personal" as const, createdAt: on.clock.now() };
    await on.db.prisma.token.create({ data: { ...row, userId, scopes: ["read"] } });
    return hash;
  }
  const store = () => createStore(on.db, { client() {}, token() {} });
  const audit = (subjectId: string) => on.db.prisma.auditEvent.findMany({ where: { subjectId } });
  const everything = async () =>
    JSON.stringify([
      await on.db.prisma.user.findMany({ orderBy: { id: "asc" } }),
      await on.db.prisma.auditEvent.count(),
      await on.db.prisma.session.count(),
      await on.db.prisma.oneTimeLink.count(),
    ]);
  const idsOf = async (query: UsersQuery = {}) =>
    (await listUsers(on.db, admin, query)).users.map(({ id }) => id);

  describe("seeing people", () => {
    test("is for administrators: others, a suspended one too, see an empty list and nobody's page", async () => {
      const person = await on.facts.addUser();
      const former = await newAdmin();
      await on.facts.suspendUser(former);
      for (const who of [person, former, "nobody"]) {
        expect(await listUsers(on.db, who)).toEqual({ users: [], next: null });
        expect(await findUser(on.db, who, person)).toBeNull();
      }
      expect(await idsOf()).toContain(person);
    });

    test("leaves service accounts out, and shows nobody's password hash", async () => {
      const service = await on.facts.addServiceAccount();
      const person = await on.facts.addUser();
      await on.db.prisma.user.update({ where: { id: person }, data: { passwordHash: "a-hash-of-theirs" } });
      expect(await idsOf()).toEqual([person, admin]);
      expect(await findUser(on.db, admin, service)).toBeNull();
      expect(JSON.stringify(await findUser(on.db, admin, person))).not.toContain("a-hash-of-theirs");
    });

    test("filters by state and by how the e-mail address or the name begins, whatever the case", async () => {
      const ann = await on.facts.addUser("ann@people.test");
      on.clock.forward(1);
      const bob = await on.facts.addUser("bob@people.test");
      await on.db.prisma.user.update({ where: { id: bob }, data: { name: "Ängström Bob" } });
      await on.facts.suspendUser(bob);
      expect(await idsOf({ show: "suspended" })).toEqual([bob]);
      expect(await idsOf({ show: "active" })).toEqual([ann, admin]);
      expect(await idsOf({ show: "admins" })).toEqual([admin]);
      expect(await idsOf({ search: "ANN@p" })).toEqual([ann]);
      expect(await idsOf({ search: "ängST" })).toEqual([bob]);
      expect(await idsOf({ search: "people" })).toEqual([]);
      expect(await idsOf({ search: "ann", show: "suspended" })).toEqual([]);
      for (const search of ["%", "_nn", "\\", "ann%"]) expect(await idsOf({ search })).toEqual([]);
    });

    test("pages neither repeat nor leave out anybody, also where all came at one moment", async () => {
      const people = new Set<string>();
      for (let at = 0; at < 7; at += 1) people.add(await on.facts.addUser());
      const seen: string[] = [];
      for (let after: string | null = ""; after !== null; ) {
        const page: Awaited<ReturnType<typeof listUsers>> = await listUsers(on.db, admin, {
          limit: 3,
          after,
        });
        seen.push(...page.users.map(({ id }) => id));
        after = page.next;
      }
      expect(seen).toHaveLength(8);
      expect(new Set(seen)).toEqual(people.add(admin));
    });

    test("one person's page has their companies, sign-ins, apps and how many tokens live", async () => {
      const person = await on.facts.addUser();
      const company = await on.facts.addCompany();
      await on.facts.addMember(person, company, "owner");
      const app = await on.facts.addApp({ ownerId: person });
      const session = await signIn(person);
      await tokenOf(person);
      expect(await findUser(on.db, admin, person)).toMatchObject({
        ...{ id: person, hasPassword: false, liveTokens: 1 },
        companies: [{ id: company, role: "owner" }],
        sessions: [{ id: session, address: "192.0.2.1" }],
        apps: [{ id: app.client_id, status: "active" }],
      });
    });
  });

  describe("changing people", () => {
    test("is for administrators: others change nothing, not even themselves", async () => {
      const person = await on.facts.addUser();
      const session = await signIn(person);
      const former = await newAdmin();
      await on.facts.suspendUser(former);
      const before = await everything();
      for (const who of [person, former, "nobody"]) {
        expect(await suspendUser(on.db, who, person)).toBe("not_admin");
        expect(await resumeUser(on.db, who, former)).toBe("not_admin");
        expect(await setAdministrator(on.db, who, person, true)).toBe("not_admin");
        expect(await endSessionsOf(on.db, who, person, session)).toBe("not_admin");
        expect(await createUser(on.db, who, { name: "N", email: "n@people.test" })).toBe("not_admin");
        expect(await renewWelcome(on.db, who, person)).toBeNull();
      }
      expect(await everything()).toBe(before);
    });

    test("reaches people alone: a service account and nobody stay as they are", async () => {
      const service = await on.facts.addServiceAccount();
      const before = await everything();
      for (const id of [service, "nobody"]) {
        expect(await suspendUser(on.db, admin, id)).toBe("no_user");
        expect(await setAdministrator(on.db, admin, id, true)).toBe("no_user");
        expect(await renewWelcome(on.db, admin, id)).toBeNull();
      }
      expect(await everything()).toBe(before);
    });

    test("a suspended person is signed out, cannot sign in and has tokens that stand for nobody, until resumed", async () => {
      const person = await on.facts.addUser("stopped@people.test");
      const session = await signIn(person);
      const token = await tokenOf(person);
      const status = async () => (await store().findToken(token))?.userStatus;
      expect(await suspendUser(on.db, admin, person)).toBe("done");
      expect([await findSession(on.db, session), await status()]).toEqual([null, "suspended"]);
      expect(await findUserForSignIn(on.db, "stopped@people.test")).toBeNull();
      expect(await suspendUser(on.db, admin, person)).toBe("unchanged");
      expect(await resumeUser(on.db, admin, person)).toBe("done");
      expect(await status()).toBe("active");
      expect(await findSession(on.db, session)).toBeNull();
      expect(await findUserForSignIn(on.db, "stopped@people.test")).not.toBeNull();
      expect((await audit(person)).map(({ action, actorId }) => [action, actorId]).sort()).toEqual([
        ["user.resumed", admin],
        ["user.suspended", admin],
      ]);
    });

    test("an app that acts for its suspended owner gets no token", async () => {
      const ownerId = await on.facts.addUser();
      const app = await on.facts.addApp({ ownerId, preset: "machine" });
      const issue = () => {
        const [access, refresh] = [mint("at", random), mint("rt", random)];
        const secretHash = hashCredential(app.secret);
        return store().issueToClient(
          {
            ...{ tokenHash: access.hash, tokenLast4: access.last4, familyId: randomId(20, random) },
            ...{ refreshHash: refresh.hash, refreshLast4: refresh.last4 },
            client: { method: "client_secret_basic", client_id: app.client_id, secretHash },
            ...{ scopes: null, basicScopes: ["read"] },
          },
          on.clock.now(),
        );
      };
      expect(await issue()).not.toBeNull();
      await suspendUser(on.db, admin, ownerId);
      expect(await issue()).toBeNull();
    });

    test("administration is given and taken, and both are logged", async () => {
      const person = await on.facts.addUser();
      const token = await tokenOf(person);
      expect(await setAdministrator(on.db, admin, person, true)).toBe("done");
      expect(await setAdministrator(on.db, admin, person, true)).toBe("unchanged");
      expect((await store().findToken(token))?.userIsAdmin).toBe(true);
      expect(await setAdministrator(on.db, person, admin, false)).toBe("done");
      expect(await setAdministrator(on.db, admin, person, false)).toBe("not_admin");
      expect(await audit(person)).toMatchObject([
        { action: "user.admin_changed", actorId: admin, details: { admin: true } },
      ]);
      expect(await audit(admin)).toMatchObject([{ actorId: person, details: { admin: false } }]);
    });

    test("the last administrator is neither suspended nor removed; a suspended one beside them does not count", async () => {
      const second = await newAdmin();
      await on.facts.suspendUser(second);
      expect(await setAdministrator(on.db, admin, admin, false)).toBe("last_admin");
      expect(await suspendUser(on.db, admin, admin)).toBe("yourself");
      expect(await resumeUser(on.db, admin, second)).toBe("done");
      expect(await setAdministrator(on.db, admin, admin, false)).toBe("done");
      expect(await setAdministrator(on.db, second, second, false)).toBe("last_admin");
    });

    test("administrators who remove each other at once leave one, and none of them an error", async () => {
      const all = [admin, await newAdmin(), await newAdmin(), await newAdmin()];
      const done = await Promise.all(
        all.flatMap((one) => [
          ...all.filter((other) => other !== one).map((other) => setAdministrator(on.db, one, other, false)),
          setAdministrator(on.db, one, one, false),
        ]),
      );
      expect(done).toContain("done");
      expect(await on.db.prisma.user.count({ where: { isAdmin: true } })).toBe(1);
    });

    test("administrators who suspend each other at once leave one", async () => {
      const other = await newAdmin();
      const done = await Promise.all([suspendUser(on.db, admin, other), suspendUser(on.db, other, admin)]);
      expect(done.sort()).toEqual(["done", "not_admin"]);
      expect(await on.db.prisma.user.count({ where: { isAdmin: true, status: "active" } })).toBe(1);
    });

    test("one session is ended, or all; those of somebody else are not reached by their id", async () => {
      const [person, other] = [await on.facts.addUser(), await on.facts.addUser()];
      const [first, second, theirs] = [await signIn(person), await signIn(person), await signIn(other)];
      expect(await endSessionsOf(on.db, admin, person, theirs)).toBe("unchanged");
      expect(await endSessionsOf(on.db, admin, person, first)).toBe("done");
      expect([await findSession(on.db, first), (await findSession(on.db, second)) === null]).toEqual([
        null,
        false,
      ]);
      expect(await endSessionsOf(on.db, admin, person, null)).toBe("done");
      expect(await findSession(on.db, second)).toBeNull();
      expect(await findSession(on.db, theirs)).not.toBeNull();
    });

    test("a new person gets a link, which sets their password once; another letter ends the link before", async () => {
      const made = await createUser(on.db, admin, { name: "Nora", email: "Nora@People.test" });
      const { id, link } = typeof made === "string" ? { id: "", link: "" } : made;
      expect(await findUser(on.db, admin, id)).toMatchObject({
        ...{ name: "Nora", email: "nora@people.test", hasPassword: false, emailVerifiedAt: null },
      });
      expect(await createUser(on.db, admin, { name: "N", email: "nora@PEOPLE.test" })).toBe("email_taken");
      const next = await renewWelcome(on.db, admin, id);
      expect(await setFirstPassword(on.db, link, "hash")).toBeNull();
      const set = await Promise.all([1, 2, 3].map(() => setFirstPassword(on.db, next?.link ?? "", "hash")));
      expect(set.filter(Boolean)).toEqual([{ id, email: "nora@people.test" }]);
      expect(await findUser(on.db, admin, id)).toMatchObject({
        ...{ hasPassword: true, emailVerifiedAt: on.clock.now() },
      });
      expect(await renewWelcome(on.db, admin, id)).toBeNull();
      expect((await audit(id)).map(({ action }) => action).sort()).toEqual(["user.created", "user.invited"]);
    });

    test("a suspended person's links end", async () => {
      const made = await createUser(on.db, admin, { name: "Nora", email: "nora@people.test" });
      const { id, link } = typeof made === "string" ? { id: "", link: "" } : made;
      expect(await suspendUser(on.db, admin, id)).toBe("done");
      expect(await findLink(on.db, "set_password", link)).toBeNull();
      expect(await renewWelcome(on.db, admin, id)).toBeNull();
    });
  });
});
