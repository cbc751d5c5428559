/** Who reaches an app: every function about apps, as everybody there is. */
import { beforeEach, describe, expect, test } from "vitest";
import { listActivity } from "../../lib/db/activity";
import { addMaintainer, listMaintainers, removeMaintainer } from "../../lib/db/app-maintainers";
import { maintainsApp } from "../../lib/db/app-maintenance";
import { changePolicy, dryRun } from "../../lib/db/app-policy";
import { type AppInput, deleteApp, updateApp } from "../../lib/db/app-registration";
import { transferApp } from "../../lib/db/app-transfer";
import { findApp, listApps } from "../../lib/db/apps";
import { findToken } from "../../lib/db/bearer-tokens";
import { revokeSecret, rotateSecret } from "../../lib/db/client-secrets";
import { removeMember } from "../../lib/db/company-members";
import { listConsents } from "../../lib/db/consents";
import { listObservedUris, pinRedirects } from "../../lib/db/observed-redirects";
import { registerApp } from "../../lib/db/registrations";
import { createStore } from "../../lib/db/store";
import { listTokens } from "../../lib/db/token-list";
import { token } from "../../lib/oauth/endpoints/token";
import { presets } from "../../lib/oauth/presets";
import { hashCredential } from "../../lib/oauth/tokens";
import { onEachDatabase } from "../support/databases";
import type { TestApp } from "../support/facts";
import { introspectBearer } from "../support/introspection";
import { basic, createWorld, jsonOf, post, tokenFor } from "../support/world";

const roles = [
  "owner",
  "manager",
  "maintainer",
  "member",
  "outsider",
  "ownerOfAnother",
  "admin",
  "suspendedOwner",
  "formerMaintainer",
] as const;
type Role = (typeof roles)[number];

/** Who reaches a company's app, and who may do with it what cannot be shared. */
const maintaining: readonly Role[] = ["owner", "manager", "maintainer"];
const owning: readonly Role[] = ["owner", "manager"];

const domain = "https://app.example";
const input: AppInput = {
  name: "Ledger",
  type: "confidential",
  redirect: { match: "origin_path", domain },
  preset: "standard",
  scopes: ["read"],
  purpose: null,
  logo: undefined,
};

onEachDatabase((on) => {
  let people: Record<Role, string>;
  let company: string;
  let app: TestApp;

  beforeEach(async () => {
    const { facts } = on;
    const ids = await Promise.all(roles.map(async (role) => [role, await facts.addUser()] as const));
    people = Object.fromEntries(ids) as Record<Role, string>;
    company = await facts.addCompany(people.maintainer, people.member, people.formerMaintainer);
    await facts.addMember(people.owner, company, "owner");
    await facts.addMember(people.manager, company, "auth_manager");
    await facts.addMember(people.suspendedOwner, company, "owner");
    await facts.suspendUser(people.suspendedOwner);
    await facts.addMember(people.ownerOfAnother, await facts.addCompany(), "owner");
    await facts.makeAdmin(people.admin);
    const made = await registerApp(on.db, people.owner, input, "", company);
    app = { client_id: made?.id ?? "", secret: made?.secret ?? "" };
    await facts.addMaintainer(app.client_id, people.maintainer);
    await facts.addMaintainer(app.client_id, people.formerMaintainer);
    // By hand: nothing but the membership is gone.
    await facts.leave(people.formerMaintainer, company);
  });

  const as = () => ({
    ...createWorld().as,
    now: on.clock.now,
    store: createStore(on.db, { client: () => {}, token: () => {} }),
  });
  const seen = { appId: "", uri: `${domain}/callback`, count: 1 };
  const observe = () =>
    on.db.prisma.observedRedirectUri.createMany({
      data: [{ ...seen, appId: app.client_id, firstAt: on.clock.now(), lastAt: on.clock.now() }],
      skipDuplicates: true,
    });
  const audit = (appId = app.client_id) =>
    on.db.prisma.auditEvent.findMany({ where: { appId }, orderBy: [{ at: "asc" }, { id: "asc" }] });

  /** Every function about one app. Each says whether it did, or showed, anything. */
  const functions: Record<string, (who: string) => Promise<boolean>> = {
    maintainsApp: (who) => maintainsApp(on.db, app.client_id, who),
    findApp: async (who) => (await findApp(on.db, who, app.client_id)) !== null,
    listApps: async (who) => (await listApps(on.db, who)).apps.some(({ id }) => id === app.client_id),
    "listApps of the company": async (who) =>
      (await listApps(on.db, who, { companyId: company })).apps.length > 0,
    updateApp: (who) => updateApp(on.db, who, app.client_id, { ...input, name: `Ledger ${who}` }),
    changePolicy: (who) => changePolicy(on.db, who, app.client_id, presets.standard.policy),
    dryRun: async (who) => (await dryRun(on.db, who, app.client_id, presets.standard.policy)) !== null,
    rotateSecret: async (who) => (await rotateSecret(on.db, who, app.client_id, 60)) !== null,
    async revokeSecret(who) {
      await on.facts.addSecret(app.client_id, null);
      const { id } = await on.db.prisma.clientSecret.findFirstOrThrow({
        where: { appId: app.client_id, OR: [{ expiresAt: null }, { expiresAt: { gt: on.clock.now() } }] },
      });
      return revokeSecret(on.db, who, app.client_id, id);
    },
    listActivity: async (who) => (await listActivity(on.db, who, app.client_id)).rows.length > 0,
    async listObservedUris(who) {
      await observe();
      return (await listObservedUris(on.db, who, app.client_id)).length > 0;
    },
    async pinRedirects(who) {
      await observe();
      return pinRedirects(on.db, who, app.client_id, [seen.uri]);
    },
  };

  describe("a company's app", () => {
    test.each(Object.keys(functions))("%s is for owners, auth managers and maintainers", async (name) => {
      const reached: Role[] = [];
      for (const role of roles) {
        const before = await audit();
        if (await functions[name]?.(people[role])) reached.push(role);
        else expect(await audit(), role).toEqual(before);
        // What was pinned or changed is put back, so that everybody meets the same app.
        await updateApp(on.db, people.owner, app.client_id, input);
      }
      expect(reached).toEqual(maintaining);
    });

    test("every change says who did it, and to which company's app", async () => {
      on.clock.forward(1);
      await updateApp(on.db, people.maintainer, app.client_id, { ...input, name: "Pier" });
      on.clock.forward(1);
      await rotateSecret(on.db, people.manager, app.client_id, 0);
      for (const { companyId } of await audit()) expect(companyId).toBe(company);
      expect((await audit()).map(({ action, actorId }) => [action, actorId])).toEqual([
        ["app.created", people.owner],
        ["app.updated", people.maintainer],
        ["secret.rotated", people.manager],
      ]);
    });

    test("is deleted and shared by owners and auth managers, not by maintainers", async () => {
      const { email } = await on.db.prisma.user.findUniqueOrThrow({ where: { id: people.member } });
      const may: Record<string, Role[]> = { delete: [], add: [], list: [], remove: [], isOwner: [] };
      for (const role of roles) {
        const who = people[role];
        if ((await listMaintainers(on.db, who, app.client_id)).length > 0) may.list?.push(role);
        if ((await findApp(on.db, who, app.client_id))?.isOwner) may.isOwner?.push(role);
        if ((await addMaintainer(on.db, who, app.client_id, email)) === "done") may.add?.push(role);
        if (await removeMaintainer(on.db, who, app.client_id, people.member)) may.remove?.push(role);
      }
      for (const role of [...roles].reverse()) {
        const made = await registerApp(on.db, people.owner, input, "", company);
        if (await deleteApp(on.db, people[role], made?.id ?? "")) may.delete?.unshift(role);
      }
      expect(may).toEqual({ delete: owning, add: owning, list: owning, remove: owning, isOwner: owning });
    });

    test("is made by those who manage the company, also where registration is by role", async () => {
      const made: Role[] = [];
      for (const role of roles)
        if (await registerApp(on.db, people[role], input, "", company)) made.push(role);
      expect(made).toEqual(owning);
      await on.facts.setInstance({ registration: "role" });
      expect(await registerApp(on.db, people.maintainer, input, "", company)).toBeNull();
      expect(await registerApp(on.db, people.ownerOfAnother, input, "", company)).toBeNull();
      expect(await registerApp(on.db, people.manager, input, "", company)).not.toBeNull();
      await on.facts.setInstance({ registration: "open" });
    });

    test("acts for the company where it acts for itself, and not for who made it", async () => {
      await changePolicy(on.db, people.owner, app.client_id, presets.machine.policy);
      const answer = await token(
        as(),
        post({ grant_type: "client_credentials" }, { authorization: basic(app) }),
      );
      const { access_token } = jsonOf(answer);
      const made = await introspectBearer(as(), access_token);
      expect(made).toMatchObject({ active: true, sub: company, company_ids: [company] });
      await removeMember(on.db, people.owner, company, people.maintainer);
      expect(await introspectBearer(as(), access_token)).toMatchObject({ active: true });
    });

    test("that waits for approval works for those who maintain it alone", async () => {
      await on.facts.setStatus(app.client_id, "pending");
      const tokens = new Map<Role, string>();
      for (const role of roles) {
        expect(await as().store.isMaintainer(app.client_id, people[role]), role).toBe(
          maintaining.includes(role),
        );
        tokens.set(
          role,
          await tokenFor({ as: as() }, app, people[role], { redirect_uri: `${domain}/callback` }).catch(
            () => "",
          ),
        );
      }
      for (const [role, value] of tokens) {
        const found = await findToken(on.db, hashCredential(value));
        expect(found?.userMaintains ?? false, role).toBe(maintaining.includes(role));
        const works = (await introspectBearer(as(), value)).active;
        expect(works, role).toBe(maintaining.includes(role));
        expect((await listTokens(on.db, people[role])).tokens.length > 0, role).toBe(works);
        const live = (await listConsents(on.db, people[role])).some(({ liveTokens }) => liveTokens > 0);
        expect(live, role).toBe(works);
      }
      await removeMaintainer(on.db, people.owner, app.client_id, people.maintainer);
      expect((await introspectBearer(as(), tokens.get("maintainer") ?? "")).active).toBe(false);
      await on.facts.setStatus(app.client_id, "active");
      expect((await introspectBearer(as(), tokens.get("maintainer") ?? "")).active).toBe(true);
    });
  });

  describe("a person's own app", () => {
    test("is theirs alone, whoever manages their company", async () => {
      const own = await on.facts.addApp({ ownerId: people.member });
      for (const role of roles) {
        const found = await findApp(on.db, people[role], own.client_id);
        expect(found !== null, role).toBe(role === "member");
        if (found) expect(found).toMatchObject({ isOwner: true, company: null });
      }
      expect(await addMaintainer(on.db, people.member, own.client_id, "a@b.test")).toBe("not_owner");
    });

    test("stands in their list with those of their companies, newest first", async () => {
      on.clock.forward(1);
      const own = await on.facts.addApp({ ownerId: people.manager });
      on.clock.forward(1);
      const credential = await on.facts.addApp({ companyId: company });
      const listed = (await listApps(on.db, people.manager)).apps;
      expect(listed.map(({ id, company }) => [id, company?.id ?? null])).toEqual([
        [own.client_id, null],
        [app.client_id, company],
      ]);
      expect(await findApp(on.db, people.manager, credential.client_id)).toBeNull();
      expect((await listApps(on.db, people.manager, { search: app.client_id })).apps).toHaveLength(1);
    });
  });

  describe("a transfer", () => {
    test("makes the app the company's; people's access stays, what it had for itself ends", async () => {
      const own = await on.facts.addApp({ ownerId: people.manager, policy: presets.machine.policy });
      await on.facts.setPolicy(own.client_id, {
        ...presets.machine.policy,
        grants: ["authorization_code", "client_credentials"],
      });
      const given = await tokenFor({ as: as() }, own, people.outsider);
      const ask = post({ grant_type: "client_credentials" }, { authorization: basic(own) });
      const { access_token } = jsonOf(await token(as(), ask));
      expect(await introspectBearer(as(), access_token)).toMatchObject({ sub: people.manager });
      const before = await as().store.findClient(own.client_id);

      on.clock.forward(1);
      expect(await transferApp(on.db, people.manager, own.client_id, company)).toBe("done");
      expect(await transferApp(on.db, people.manager, own.client_id, company)).toBe("not_yours");
      expect(await introspectBearer(as(), access_token)).toEqual({ active: false });
      expect(await introspectBearer(as(), given)).toMatchObject({ active: true, sub: people.outsider });
      expect(await introspectBearer(as(), jsonOf(await token(as(), ask)).access_token)).toMatchObject({
        sub: company,
      });
      expect(await as().store.findClient(own.client_id)).toMatchObject({
        ...{ ownerId: null, companyId: company, ownerName: `Company ${company}` },
        version: (before?.version ?? 0) + 1,
      });
      expect((await audit(own.client_id)).at(-1)).toMatchObject({
        ...{ action: "app.transferred", actorId: people.manager, companyId: company },
        details: { to: `Company ${company}`, tokens: 1 },
      });
      expect(await findApp(on.db, people.owner, own.client_id)).not.toBeNull();
    });

    test("is for one's own app, to a company one manages", async () => {
      for (const role of ["member", "maintainer", "outsider", "ownerOfAnother", "suspendedOwner"] as const) {
        const own = await on.facts.addApp({ ownerId: people[role] });
        expect(await transferApp(on.db, people[role], own.client_id, company), role).toBe("not_manager");
      }
      const others = await on.facts.addApp({ ownerId: people.member });
      expect(await transferApp(on.db, people.owner, others.client_id, company)).toBe("not_yours");
      expect(await transferApp(on.db, people.owner, app.client_id, company)).toBe("not_yours");
      expect(await transferApp(on.db, people.owner, "nothing", company)).toBe("not_yours");
      expect(await transferApp(on.db, people.owner, others.client_id, "nothing")).toBe("not_manager");
    });

    test("happens once, however often at once", async () => {
      const own = await on.facts.addApp({ ownerId: people.owner });
      const answers = await Promise.all(
        [1, 2, 3, 4].map(() => transferApp(on.db, people.owner, own.client_id, company)),
      );
      expect(answers.filter((answer) => answer === "done")).toHaveLength(1);
    });
  });

  describe("the maintainers of an app", () => {
    const emailOf = async (role: Role) =>
      (await on.db.prisma.user.findUniqueOrThrow({ where: { id: people[role] } })).email;

    test("are members of the company, each once, and written down", async () => {
      const add = async (role: Role) =>
        addMaintainer(on.db, people.owner, app.client_id, await emailOf(role));
      on.clock.forward(1);
      expect(await add("member")).toBe("done");
      expect(await add("member")).toBe("is_maintainer");
      expect(await add("manager")).toBe("manages");
      for (const role of [
        "outsider",
        "ownerOfAnother",
        "admin",
        "suspendedOwner",
        "formerMaintainer",
      ] as const)
        expect(await add(role), role).toBe("not_member");
      expect(await addMaintainer(on.db, people.owner, app.client_id, "nobody@example.test")).toBe(
        "not_member",
      );
      on.clock.forward(1);
      expect(await removeMaintainer(on.db, people.owner, app.client_id, people.member)).toBe(true);
      expect(await removeMaintainer(on.db, people.owner, app.client_id, people.member)).toBe(false);
      expect((await audit()).slice(1)).toMatchObject([
        {
          action: "maintainer.added",
          actorId: people.owner,
          companyId: company,
          details: { userId: people.member },
        },
        {
          action: "maintainer.removed",
          actorId: people.owner,
          companyId: company,
          details: { userId: people.member },
        },
      ]);
    });

    test("who leave the company maintain nothing, also when they come back", async () => {
      expect(await removeMember(on.db, people.maintainer, company, people.maintainer)).toBe("done");
      expect(await findApp(on.db, people.maintainer, app.client_id)).toBeNull();
      await on.facts.addMember(people.maintainer, company, "member");
      expect(await findApp(on.db, people.maintainer, app.client_id)).toBeNull();
    });

    test("who are added while they leave are gone afterwards", async () => {
      await Promise.all([
        addMaintainer(on.db, people.owner, app.client_id, await emailOf("member")),
        removeMember(on.db, people.member, company, people.member),
      ]);
      const left = { where: { appId: app.client_id, userId: people.member } };
      expect(await on.db.prisma.appMaintainer.count(left)).toBe(0);
    });
  });
});
