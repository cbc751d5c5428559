import { beforeEach, describe, expect, test } from "vitest";
import { listAllApps } from "../../lib/db/all-apps";
import { changePolicy } from "../../lib/db/app-policy";
import { type AppInput, deleteApp, updateApp } from "../../lib/db/app-registration";
import { findApp } from "../../lib/db/apps";
import {
  admission,
  approveApp,
  countWaiting,
  listWaiting,
  managersOf,
  refuseApp,
  registerApp,
} from "../../lib/db/registrations";
import { goesBeyond, type Reviewed } from "../../lib/db/review";
import { createStore } from "../../lib/db/store";
import { type Policy, standard } from "../../lib/oauth/policy";
import { presets } from "../../lib/oauth/presets";
import { onEachDatabase } from "../support/databases";
import { callback } from "../support/facts";
import { introspectBearer } from "../support/introspection";
import { createWorld, tokenFor } from "../support/world";

const input = (changes: Partial<AppInput> = {}): AppInput => ({
  name: "Harbour",
  type: "confidential",
  redirect: { match: "exact", uris: [callback] },
  preset: "standard",
  scopes: ["read"],
  purpose: "Keeps the tide tables in step",
  logo: undefined,
  ...changes,
});

describe("Who may register an app", () => {
  const nobody = { isAdmin: false, roles: [] };

  test("everybody, where registration is open", () => {
    expect(admission("open", nobody)).toBe("open");
  });

  test("owners and auth managers of any company, where it goes by role", () => {
    expect(admission("role", nobody)).toBe("closed");
    expect(admission("role", { isAdmin: false, roles: ["member"] })).toBe("closed");
    expect(admission("role", { isAdmin: false, roles: ["member", "auth_manager"] })).toBe("open");
    expect(admission("role", { isAdmin: false, roles: ["owner"] })).toBe("open");
  });

  test("everybody asks, where it is by approval", () => {
    expect(admission("approval", { isAdmin: false, roles: ["owner"] })).toBe("by_approval");
  });

  test("administrators always may, and wait for nobody", () => {
    for (const mode of ["open", "role", "approval"] as const)
      expect(admission(mode, { isAdmin: true, roles: [] })).toBe("open");
  });
});

describe("A change goes beyond what was approved", () => {
  const policy = (changes: Partial<Policy>): Policy => ({ ...standard, ...changes });
  const approved: Reviewed = {
    name: "Harbour",
    redirect: { match: "exact", uris: ["https://a.example/cb", "http://127.0.0.1/cb"] },
    scopes: ["read", "write"],
    policy: policy({ access_seconds: null, until: { access_seconds: "2026-06-01T00:00:00.000Z" } }),
  };
  const beyond = (changes: Partial<Reviewed>) => goesBeyond(approved, { ...approved, ...changes });
  const uris = (...uris: string[]): Partial<Reviewed> => ({ redirect: { match: "exact", uris } });

  test.each<[string, Partial<Reviewed>]>([
    ["another name", { name: "Harbor" }],
    ["one more scope", { scopes: ["read", "write", "admin"] }],
    ["another redirect URI", uris("https://a.example/cb", "https://a.example/other")],
    [
      "a redirect domain instead of URIs",
      { redirect: { match: "origin_path", domain: "https://a.example" } },
    ],
    ["a switch weaker than Standard", { policy: { ...approved.policy, pkce: "if_sent" } }],
    ["a grant that Standard has not", { policy: { ...approved.policy, grants: ["client_credentials"] } }],
    ["a weaker switch weakened further", { policy: { ...approved.policy, access_seconds: 31_536_000 } }],
    [
      "a later end of a weaker switch",
      { policy: { ...approved.policy, until: { access_seconds: "2026-07-01T00:00:00.000Z" } } },
    ],
    ["no end of it any more", { policy: { ...approved.policy, until: {} } }],
  ])("with %s", (_, changes) => {
    expect(beyond(changes)).toBe(true);
  });

  test.each<[string, Partial<Reviewed>]>([
    ["nothing else", {}],
    ["fewer redirect URIs", uris("https://a.example/cb")],
    ["the same in another order", uris("http://127.0.0.1/cb", "https://a.example/cb")],
    ["fewer scopes", { scopes: ["read"] }],
    ["the policy of Standard", { policy: standard }],
    [
      "an earlier end of a weaker switch",
      { policy: { ...approved.policy, until: { access_seconds: "2026-05-01T00:00:00.000Z" } } },
    ],
  ])("not with %s", (_, changes) => {
    expect(beyond(changes)).toBe(false);
  });

  test("not with URIs of its domain instead of the domain, but with another domain", () => {
    const wide: Reviewed = {
      ...approved,
      redirect: { match: "origin_path", domain: "https://a.example/app" },
    };
    const to = (redirect: Reviewed["redirect"]) => goesBeyond(wide, { ...wide, redirect });
    expect(to({ match: "exact", uris: ["https://a.example/app/cb"] })).toBe(false);
    expect(to({ match: "exact", uris: ["https://a.example/cb"] })).toBe(true);
    expect(to({ match: "origin_path", domain: "https://a.example" })).toBe(true);
  });
});

onEachDatabase((on) => {
  let owner: string;
  let admin: string;
  beforeEach(async () => {
    owner = await on.facts.addUser();
    admin = await on.facts.addUser();
    await on.facts.makeAdmin(admin);
    await on.facts.setInstance({ registration: "approval" });
  });

  const as = () => ({
    ...createWorld().as,
    now: on.clock.now,
    store: createStore(on.db, { client() {}, token() {} }),
  });
  const register = async (changes: Partial<AppInput> = {}, who = owner) => {
    const made = await registerApp(on.db, who, input(changes), "");
    if (!made) throw new Error("not registered");
    return { ...made, client_id: made.id, secret: made.secret ?? "" };
  };
  const stored = (id: string) => on.db.prisma.app.findUniqueOrThrow({ where: { id } });
  const seen = async (appId: string) => ({ appId, version: (await stored(appId)).version });
  const actions = async (appId: string) => {
    const events = await on.db.prisma.auditEvent.findMany({ where: { appId }, orderBy: { at: "asc" } });
    return events.map(({ action }) => action);
  };
  const approve = async (id: string) => approveApp(on.db, admin, await seen(id));
  const refuse = async (id: string, reason = "No.") => refuseApp(on.db, admin, await seen(id), reason);

  describe("registering", () => {
    test("by approval waits, with what it is for", async () => {
      const { id, status } = await register();
      expect(status).toBe("pending");
      expect(await findApp(on.db, owner, id)).toMatchObject({
        status: "pending",
        purpose: "Keeps the tide tables in step",
        refusal: null,
      });
    });

    test("by an administrator waits for nobody", async () => {
      expect((await register({}, admin)).status).toBe("active");
    });

    test("by role is for those who manage a company, and leaves nothing behind for others", async () => {
      await on.facts.setInstance({ registration: "role" });
      const companyId = await on.facts.addCompany(owner);
      const before = await on.db.prisma.app.count();
      expect(await registerApp(on.db, owner, input(), "")).toBeNull();
      expect(await on.db.prisma.app.count()).toBe(before);
      await on.facts.addMember(owner, companyId, "auth_manager");
      expect((await register()).status).toBe("active");
      await on.facts.leave(owner, companyId);
      expect(await registerApp(on.db, owner, input(), "")).toBeNull();
    });

    test("names whom to ask: the owners and auth managers of one's companies", async () => {
      const [boss, keeper, other] = [
        await on.facts.addUser("boss@example.test"),
        await on.facts.addUser("keeper@example.test"),
        await on.facts.addUser("other@example.test"),
      ];
      const companyId = await on.facts.addCompany(owner, other);
      await on.facts.addMember(boss, companyId, "owner");
      await on.facts.addMember(keeper, companyId, "auth_manager");
      await on.facts.addCompany(other);
      const [company, ...more] = await managersOf(on.db, owner);
      expect(more).toEqual([]);
      expect(company?.people.map(({ email }) => email).sort()).toEqual([
        "boss@example.test",
        "keeper@example.test",
      ]);
    });
  });

  describe("the queue", () => {
    test("has the oldest first, in pages, with what an administrator judges", async () => {
      on.clock.forward(1);
      const first = await register({ name: "First" });
      on.clock.forward(1);
      const second = await register({ name: "Second" });
      const waiting: string[] = [];
      let after: string | undefined;
      do {
        const page = await listWaiting(on.db, { limit: 1, after });
        waiting.push(...page.apps.map(({ id }) => id));
        after = page.next ?? undefined;
      } while (after);
      expect(waiting.indexOf(second.id)).toBe(waiting.indexOf(first.id) + 1);
      expect(await countWaiting(on.db)).toBe(waiting.length);
      const { email, name } = await on.db.prisma.user.findUniqueOrThrow({ where: { id: owner } });
      const { apps } = await listWaiting(on.db, { limit: 1000 });
      expect(apps.find(({ id }) => id === first.id)).toMatchObject({
        owner: { email, name },
        purpose: "Keeps the tide tables in step",
        version: 1,
      });
    });

    test("the list of all apps is searched by how names begin, by the letter", async () => {
      const { id } = await register({ name: "100% of %_" });
      const found = async (search: string) =>
        (await listAllApps(on.db, { search })).apps.map((app) => app.id);
      expect(await found("100% OF %")).toEqual([id]);
      expect(await found(id)).toEqual([id]);
      expect(await found("1_0% of")).toEqual([]);
      expect(await found("% of")).toEqual([]);
    });
  });

  describe("deciding", () => {
    test("approving lets everybody use the app, with what was asked before", async () => {
      const app = await register();
      const other = await on.facts.addUser();
      const early = await tokenFor({ as: as() }, app, other);
      expect(await introspectBearer(as(), early)).toEqual({ active: false });
      expect(await approve(app.id)).toBe("done");
      expect(await introspectBearer(as(), early)).toMatchObject({ active: true, sub: other });
      expect(await actions(app.id)).toContain("app.approved");
    });

    test("refusing ends it for its owner, too, and keeps the reason", async () => {
      const app = await register();
      const token = await tokenFor({ as: as() }, app, owner);
      expect(await introspectBearer(as(), token)).toMatchObject({ active: true });
      expect(await refuse(app.id, "Say whose data you read.")).toBe("done");
      expect(await introspectBearer(as(), token)).toEqual({ active: false });
      expect(await findApp(on.db, owner, app.id)).toMatchObject({
        status: "refused",
        refusal: "Say whose data you read.",
      });
      const [event] = await on.db.prisma.auditEvent.findMany({
        where: { appId: app.id, action: "app.refused" },
      });
      expect(event).toMatchObject({ actorId: admin, details: { reason: "Say whose data you read." } });
    });

    test("is for administrators: not for the owner, a manager, or one who was suspended", async () => {
      const { id } = await register();
      const manager = await on.facts.addUser();
      const companyId = await on.facts.addCompany(owner);
      await on.facts.addMember(manager, companyId, "owner");
      const suspended = await on.facts.addUser();
      await on.facts.makeAdmin(suspended);
      await on.facts.suspendUser(suspended);
      for (const who of [owner, manager, suspended, "nobody"]) {
        expect(await approveApp(on.db, who, await seen(id)), who).toBe("not_admin");
        expect(await refuseApp(on.db, who, await seen(id), "x"), who).toBe("not_admin");
      }
      expect(await stored(id)).toMatchObject({ status: "pending", refusal: null });
      expect(await actions(id)).toEqual(["app.created"]);
    });

    test("happens once: what is not waiting stays as it is", async () => {
      const { id } = await register();
      expect(await approve(id)).toBe("done");
      expect(await approve(id)).toBe("not_waiting");
      expect(await refuse(id)).toBe("not_waiting");
      expect(await stored(id)).toMatchObject({ status: "active", refusal: null });
      const other = await register();
      expect(await refuse(other.id, "first")).toBe("done");
      expect(await refuse(other.id, "second")).toBe("not_waiting");
      expect(await approve(other.id)).toBe("not_waiting");
      expect(await stored(other.id)).toMatchObject({ status: "refused", refusal: "first" });
      expect(await approveApp(on.db, admin, { appId: "nothing", version: 1 })).toBe("not_waiting");
      await on.facts.setStatus(other.id, "suspended");
      expect(await approve(other.id)).toBe("not_waiting");
    });

    test("of two administrators at once, one decides", async () => {
      for (let round = 0; round < 5; round++) {
        const { id } = await register();
        const at = await seen(id);
        const answers = await Promise.all([
          approveApp(on.db, admin, at),
          refuseApp(on.db, admin, at, "No."),
          approveApp(on.db, admin, at),
          refuseApp(on.db, admin, at, "No."),
        ]);
        expect(answers.filter((answer) => answer === "done")).toHaveLength(1);
        expect(answers.filter((answer) => answer === "not_waiting")).toHaveLength(3);
        const approved = answers.indexOf("done") % 2 === 0;
        expect((await stored(id)).status).toBe(approved ? "active" : "refused");
        expect(await actions(id)).toHaveLength(2);
      }
    });

    test("is about what was seen: a change in between has to be looked at", async () => {
      const { id } = await register();
      const before = await seen(id);
      await updateApp(
        on.db,
        owner,
        id,
        input({ redirect: { match: "exact", uris: ["https://evil.example/"] } }),
      );
      expect(await approveApp(on.db, admin, before)).toBe("changed");
      expect(await refuseApp(on.db, admin, before, "x")).toBe("changed");
      expect(await stored(id)).toMatchObject({ status: "pending", refusal: null });
      expect(await approve(id)).toBe("done");
    });

    test("at the moment of a change, nothing becomes active that nobody saw", async () => {
      for (let round = 0; round < 8; round++) {
        const { id } = await register();
        const at = await seen(id);
        const uris = [`https://evil.example/${round}`];
        const [answer] = await Promise.all([
          approveApp(on.db, admin, at),
          updateApp(on.db, owner, id, input({ redirect: { match: "exact", uris } })),
        ]);
        expect(["done", "changed"]).toContain(answer);
        expect(await findApp(on.db, owner, id)).toMatchObject({ status: "pending", redirect: { uris } });
      }
    });
  });

  describe("asking again", () => {
    test("a refused app waits again when its owner changes it, whatever the mode is now", async () => {
      const { id } = await register();
      await refuse(id);
      await on.facts.setInstance({ registration: "open" });
      await updateApp(on.db, owner, id, input({ purpose: "Reads tides only" }));
      expect(await stored(id)).toMatchObject({
        status: "pending",
        refusal: null,
        purpose: "Reads tides only",
      });
      expect(await approve(id)).toBe("done");
    });

    test("somebody else cannot ask for it", async () => {
      const { id } = await register();
      await refuse(id, "No.");
      expect(await updateApp(on.db, await on.facts.addUser(), id, input())).toBe(false);
      expect(await stored(id)).toMatchObject({ status: "refused", refusal: "No." });
    });

    test("an approved app waits again for a wider scope, another address or a looser policy", async () => {
      const again = async (changes: Partial<AppInput>) => {
        const { id } = await register();
        await approve(id);
        await updateApp(on.db, owner, id, input(changes));
        return (await stored(id)).status;
      };
      expect(await again({})).toBe("active");
      expect(await again({ scopes: ["read", "write"] })).toBe("pending");
      expect(await again({ redirect: { match: "exact", uris: ["https://b.example/cb"] } })).toBe("pending");
      expect(await again({ preset: "perpetual" })).toBe("pending");
      expect(await again({ name: "Latchkey" })).toBe("pending");
      expect(await again({ logo: new Uint8Array([1]) })).toBe("pending");
    });

    test("the queue says that other people wait, too", async () => {
      const app = await register();
      await tokenFor({ as: as() }, app, owner);
      const inUse = async () =>
        (await listWaiting(on.db, { limit: 1000 })).apps.find(({ id }) => id === app.id)?.inUse;
      expect(await inUse()).toBe(false);
      await approve(app.id);
      await tokenFor({ as: as() }, app, await on.facts.addUser());
      await updateApp(on.db, owner, app.id, input({ name: "Other" }));
      expect(await inUse()).toBe(true);
    });

    test("so it does when the policy is changed switch by switch, and not when it is tightened", async () => {
      const { id } = await register({ preset: "perpetual" });
      await approve(id);
      await changePolicy(on.db, owner, id, standard);
      expect((await stored(id)).status).toBe("active");
      await changePolicy(on.db, owner, id, presets.perpetual.policy);
      expect((await stored(id)).status).toBe("pending");
    });

    test("where registration is open or by role, and for administrators, a change takes effect at once", async () => {
      const wider = input({ scopes: ["read", "write"] });
      const own = await register({}, admin);
      await updateApp(on.db, admin, own.id, wider);
      expect((await stored(own.id)).status).toBe("active");
      const { id } = await register();
      await approve(id);
      for (const registration of ["open", "role"] as const) {
        await on.facts.setInstance({ registration });
        await updateApp(on.db, owner, id, input({ name: registration }));
        expect((await stored(id)).status).toBe("active");
      }
    });

    test("a suspended app stays suspended", async () => {
      const { id } = await register();
      await on.facts.setStatus(id, "suspended");
      await updateApp(on.db, owner, id, input({ name: "Other" }));
      expect((await stored(id)).status).toBe("suspended");
    });

    test("a deleted app leaves the queue", async () => {
      const { id } = await register();
      const at = await seen(id);
      await deleteApp(on.db, owner, id);
      expect(await approveApp(on.db, admin, at)).toBe("not_waiting");
    });
  });
});
