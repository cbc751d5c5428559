/** Letters: written with what they tell, sent once, and to those who want them. */
import { beforeEach, describe, expect, test } from "vitest";
import type { AppInput } from "../../lib/db/app-registration";
import { rotateSecret } from "../../lib/db/client-secrets";
import { createLegacyToken } from "../../lib/db/legacy-tokens";
import {
  findNoticePreferences,
  type NoticePreferences,
  saveNoticePreferences,
} from "../../lib/db/notice-preferences";
import { addNotices, takeNotices } from "../../lib/db/notices";
import { createPersonalToken } from "../../lib/db/personal-tokens";
import { registerApp } from "../../lib/db/registrations";
import { createSession } from "../../lib/db/sessions";
import { onEachDatabase } from "../support/databases";

const all: NoticePreferences = {
  ...{ sign_in: true, token_created: true, secret_rotated: true, expiry: true, webhook_off: true },
};
const input: AppInput = {
  ...{ name: "Harbour", type: "confidential", preset: "standard", purpose: null, logo: undefined },
  redirect: { match: "exact", uris: ["https://harbour.example/callback"] },
  scopes: ["read"],
};
const device = { userAgent: "Test", address: "203.0.113.7" };

onEachDatabase((on) => {
  let userId: string;
  beforeEach(async () => {
    await on.db.prisma.notice.deleteMany({});
    userId = await on.facts.addUser();
  });
  const add = (kind: Parameters<typeof addNotices>[3]["kind"], ...people: string[]) =>
    on.db.prisma.$transaction((tx) => addNotices(tx, on.db, people, { kind, details: {} }));
  const taken = async () => (await takeNotices(on.db)).notices;
  const choose = (changes: Partial<NoticePreferences>, sessionId = "") =>
    saveNoticePreferences(on.db, userId, { ...all, ...changes }, sessionId);

  describe("a letter", () => {
    test("is taken by one of many who look at once", async () => {
      for (let count = 0; count < 20; count += 1) await add("expiry", userId);
      const takes = await Promise.all(Array.from({ length: 6 }, () => takeNotices(on.db, 5)));
      const rest = await taken();
      expect(takes.flatMap(({ notices }) => notices).length + rest.length).toBe(20);
      expect(await taken()).toEqual([]);
    });

    test("is for people who are there: not for who was suspended, nor for a service account", async () => {
      const service = await on.facts.addServiceAccount();
      await add("expiry", userId, service);
      await on.facts.suspendUser(userId);
      expect(await taken()).toEqual([]);
      expect(await on.db.prisma.notice.count()).toBe(0);
    });

    test("that somebody does not want is not sent, and one of another kind is", async () => {
      await choose({ expiry: false });
      await add("expiry", userId);
      await add("webhook_off", userId);
      expect((await taken()).map(({ kind }) => kind)).toEqual(["webhook_off"]);
      await choose({});
      await add("expiry", userId);
      expect((await taken()).map(({ kind }) => kind)).toEqual(["expiry"]);
    });

    test("about a sign-in is sent to an administrator whatever they chose", async () => {
      await on.facts.makeAdmin(userId);
      await on.db.prisma.noticePreference.create({
        data: { userId, kind: "sign_in", wanted: false, changedAt: on.clock.now() },
      });
      await add("sign_in", userId);
      expect(await taken()).toHaveLength(1);
    });
  });

  describe("what somebody chose", () => {
    test("is theirs, and everything until they choose", async () => {
      const other = await on.facts.addUser();
      expect(await findNoticePreferences(on.db, userId)).toEqual(all);
      await choose({ token_created: false });
      expect(await findNoticePreferences(on.db, userId)).toEqual({ ...all, token_created: false });
      expect(await findNoticePreferences(on.db, other)).toEqual(all);
    });

    test("against letters about their security is told once, with where they were signed in", async () => {
      const sessionId = await createSession(on.db, userId, 60, device);
      await Promise.all([1, 2, 3].map(() => choose({ sign_in: false, expiry: false }, sessionId)));
      await choose({ sign_in: false, expiry: false }, sessionId);
      expect(await taken()).toMatchObject([
        { kind: "preference_off", details: { kinds: ["sign_in"], ...device } },
      ]);
      await choose({ expiry: false }, sessionId);
      expect(await taken()).toEqual([]);
    });
  });

  describe("is told", () => {
    test("a new personal token, to its person; and none that was not made", async () => {
      const input = { name: "Night", scopes: ["read"], companyId: null, allCompanies: true, expiresAt: null };
      const token = await createPersonalToken(on.db, userId, input);
      await createPersonalToken(on.db, "nobody", input);
      const letters = await taken();
      expect(letters).toMatchObject([
        { kind: "token_created", details: { kind: "personal", name: "Night" } },
      ]);
      expect(JSON.stringify(letters)).not.toContain(token);
    });

    test("a new legacy token, to all who manage the company", async () => {
      const [owner, member] = [await on.facts.addUser(), await on.facts.addUser()];
      const companyId = await on.facts.addCompany(member);
      await on.facts.addMember(userId, companyId, "auth_manager");
      await on.facts.addMember(owner, companyId, "owner");
      await createLegacyToken(on.db, userId, companyId, { name: "Till", scopes: ["read"], months: 1 });
      const emails = await Promise.all(
        [userId, owner].map(
          async (id) => (await on.db.prisma.user.findUniqueOrThrow({ where: { id } })).email,
        ),
      );
      expect((await taken()).map(({ email }) => email).sort()).toEqual(emails.sort());
    });

    test("a rotated secret, to the app's owner", async () => {
      const app = await on.facts.addApp({ ownerId: userId, name: "Harbour" });
      const secret = await rotateSecret(on.db, userId, app.client_id, 3600);
      const letters = await taken();
      expect(letters).toMatchObject([{ kind: "secret_rotated", details: { name: "Harbour" } }]);
      expect(JSON.stringify(letters)).not.toContain(secret);
    });

    test("a rotated secret of a company's app, to who manages the company and to the app's maintainers, each once", async () => {
      const add = () => on.facts.addUser();
      const [maintainer, member, gone, suspended] = [await add(), await add(), await add(), await add()];
      const companyId = await on.facts.addCompany(maintainer, member, gone, suspended);
      await on.facts.addMember(userId, companyId, "owner");
      const app = await registerApp(on.db, userId, input, "", companyId);
      const appId = app?.id ?? "";
      // The owner was named before they became one.
      for (const id of [maintainer, gone, suspended, userId]) await on.facts.addMaintainer(appId, id);
      await on.facts.leave(gone, companyId);
      await on.facts.suspendUser(suspended);
      await rotateSecret(on.db, maintainer, appId, 3600);
      const people = await on.db.prisma.user.findMany({ where: { id: { in: [userId, maintainer] } } });
      const emails = people.map(({ email }) => email);
      expect((await taken()).map(({ email }) => email).toSorted()).toEqual(emails.toSorted());
    });
  });
});
