/** What administrators do about the apps of others. */
import { beforeEach, describe, expect, test } from "vitest";
import { findAnyApp, listAllApps } from "../../lib/db/all-apps";
import { type AppInput, updateApp } from "../../lib/db/app-registration";
import {
  deleteAnyApp,
  isVerified,
  resumeApp,
  suspendApp,
  transferApp,
  unverifyApp,
  verifyApp,
} from "../../lib/db/app-supervision";
import { findApp } from "../../lib/db/apps";
import { toBytes } from "../../lib/db/bytes";
import { registerApp } from "../../lib/db/registrations";
import { createStore } from "../../lib/db/store";
import { hashCredential, mint, randomId } from "../../lib/oauth/tokens";
import { onEachDatabase, random } from "../support/databases";

onEachDatabase((on) => {
  let admin: string;
  let owner: string;
  beforeEach(async () => {
    admin = await on.facts.addUser();
    await on.facts.makeAdmin(admin);
    owner = await on.facts.addUser();
  });

  const store = () => createStore(on.db, { client() {}, token() {} });
  const made = (app: Parameters<typeof on.facts.addApp>[0] = {}) =>
    on.facts.addApp({ ownerId: owner, ...app });
  const seen = async (appId: string) => ({
    appId,
    version: (await findAnyApp(on.db, admin, appId))?.version ?? -1,
  });
  const statusOf = async (appId: string) => (await findAnyApp(on.db, admin, appId))?.status;
  const audit = (appId: string) =>
    on.db.prisma.auditEvent.findMany({ where: { appId, actorId: admin }, orderBy: [{ at: "asc" }] });
  const issueTo = ({ client_id, secret }: { client_id: string; secret: string }) => {
    const [access, refresh] = [mint("at", random), mint("rt", random)];
    const secretHash = hashCredential(secret);
    return store().issueToClient(
      {
        ...{ tokenHash: access.hash, tokenLast4: access.last4, familyId: randomId(20, random) },
        ...{ refreshHash: refresh.hash, refreshLast4: refresh.last4 },
        client: { method: "client_secret_basic", client_id, secretHash },
        ...{ scopes: null, basicScopes: ["read"] },
      },
      on.clock.now(),
    );
  };
  const everything = async () =>
    JSON.stringify([
      await on.db.prisma.app.findMany({ orderBy: { id: "asc" } }),
      await on.db.prisma.token.count(),
      await on.db.prisma.auditEvent.count(),
    ]);

  describe("supervising apps", () => {
    test("is for administrators: its owner and everybody else sees nothing here and changes nothing", async () => {
      const { client_id } = await made();
      const at = await seen(client_id);
      const former = await on.facts.addUser();
      await on.facts.makeAdmin(former);
      await on.facts.suspendUser(former);
      const before = await everything();
      for (const who of [owner, former, "nobody"]) {
        expect(await findAnyApp(on.db, who, client_id)).toBeNull();
        expect(await suspendApp(on.db, who, client_id, "no")).toBe("not_admin");
        expect(await resumeApp(on.db, who, at)).toBe("not_admin");
        expect(await verifyApp(on.db, who, at)).toBe("not_admin");
        expect(await unverifyApp(on.db, who, client_id)).toBe("not_admin");
        expect(await transferApp(on.db, who, client_id, { email: "x@y.test" })).toBe("not_admin");
        expect(await deleteAnyApp(on.db, who, client_id, "Test app")).toBe("not_admin");
      }
      expect(await everything()).toBe(before);
    });

    test("does not reach the key of a service account, nor an app that is not there", async () => {
      const account = await on.facts.addServiceAccount();
      const { client_id } = await made({ ownerId: account });
      await on.db.prisma.app.update({ where: { id: client_id }, data: { kind: "service_account" } });
      const before = await everything();
      for (const appId of [client_id, "nowhere"]) {
        expect(await suspendApp(on.db, admin, appId, "no")).toBe("no_app");
        expect(await verifyApp(on.db, admin, { appId, version: 1 })).toBe("no_app");
        expect(await transferApp(on.db, admin, appId, { email: "x@y.test" })).toBe("no_app");
        expect(await deleteAnyApp(on.db, admin, appId, "Test app")).toBe("no_app");
      }
      expect(await everything()).toBe(before);
    });

    test("a suspended app gets no token and cannot ask, and its owner reads why, until it is resumed", async () => {
      const app = await made({ preset: "machine" });
      const { client_id } = app;
      expect(await issueTo(app)).not.toBeNull();
      expect(await suspendApp(on.db, admin, client_id, "It sends letters nobody asked for.")).toBe("done");
      expect(await issueTo(app)).toBeNull();
      expect((await store().findClient(client_id))?.status).toBe("suspended");
      const [token] = await on.db.prisma.token.findMany({ where: { appId: client_id } });
      const hash = Buffer.from(token?.hash ?? []).toString("base64url");
      expect((await store().findToken(hash))?.clientStatus).toBe("suspended");
      expect(await findApp(on.db, owner, client_id)).toMatchObject({
        ...{ status: "suspended", suspension: "It sends letters nobody asked for." },
      });
      expect(await suspendApp(on.db, admin, client_id, "again")).toBe("not_now");
      expect(await resumeApp(on.db, admin, await seen(client_id))).toBe("done");
      expect(await resumeApp(on.db, admin, await seen(client_id))).toBe("not_now");
      expect(await issueTo(app)).not.toBeNull();
      expect(await findApp(on.db, owner, client_id)).toMatchObject({ status: "active", suspension: null });
      expect((await audit(client_id)).map(({ action }) => action).sort()).toEqual([
        "app.resumed",
        "app.suspended",
      ]);
    });

    test("an app that waited for approval waits again; one that was changed meanwhile has to be looked at", async () => {
      const { client_id } = await made({ status: "pending" });
      await suspendApp(on.db, admin, client_id, "Wait.");
      const at = await seen(client_id);
      await updateApp(on.db, owner, client_id, { ...input, name: "Another name" });
      expect(await resumeApp(on.db, admin, at)).toBe("changed");
      expect(await resumeApp(on.db, admin, await seen(client_id))).toBe("done");
      expect(await statusOf(client_id)).toBe("pending");
    });

    test("several who suspend it at once do it once", async () => {
      const { client_id } = await made();
      const done = await Promise.all(["a", "b", "c"].map((why) => suspendApp(on.db, admin, client_id, why)));
      expect(done.sort()).toEqual(["done", "not_now", "not_now"]);
      expect(await audit(client_id)).toHaveLength(1);
    });

    const input: AppInput = {
      ...{ name: "Test app", type: "confidential", preset: "standard", purpose: null, logo: undefined },
      redirect: { match: "exact", uris: ["https://app.example/callback"] },
      scopes: ["read", "write"],
    };

    test("a verification is about what was seen, and ends when the app shows itself as something else", async () => {
      const { client_id } = await made();
      const at = await seen(client_id);
      expect(await verifyApp(on.db, admin, { ...at, version: at.version - 1 })).toBe("changed");
      expect(await verifyApp(on.db, admin, at)).toBe("done");
      expect(await verifyApp(on.db, admin, at)).toBe("not_now");
      expect(await isVerified(on.db, client_id)).toBe(true);
      expect((await findApp(on.db, owner, client_id))?.verifiedAt).toEqual(on.clock.now());
      // Less than before, and what nobody sees, leave it.
      await updateApp(on.db, owner, client_id, { ...input, scopes: ["read"] });
      expect(await isVerified(on.db, client_id)).toBe(true);
      for (const change of [
        { name: "Another name" },
        { redirect: { match: "exact", uris: ["https://elsewhere.example/callback"] } as const },
        { logo: new Uint8Array([1]) },
      ]) {
        await updateApp(on.db, owner, client_id, { ...input, ...change });
        expect(await isVerified(on.db, client_id)).toBe(false);
        await updateApp(on.db, owner, client_id, input);
        expect(await verifyApp(on.db, admin, await seen(client_id))).toBe("done");
      }
      const before = await seen(client_id);
      expect(await unverifyApp(on.db, admin, client_id)).toBe("done");
      expect(await unverifyApp(on.db, admin, client_id)).toBe("not_now");
      // A consent screen with the badge on it is of a version that is no more.
      expect((await seen(client_id)).version).toBeGreaterThan(before.version);
    });

    test("a company's credentials are nothing people see, and are not verified or transferred", async () => {
      const companyId = await on.facts.addCompany(owner);
      const { client_id } = await on.facts.addApp({ companyId, preset: "machine" });
      expect(await verifyApp(on.db, admin, await seen(client_id))).toBe("not_now");
      expect(await transferApp(on.db, admin, client_id, { companyId })).toBe("not_now");
      expect(await suspendApp(on.db, admin, client_id, "No.")).toBe("done");
      expect(await audit(client_id)).toMatchObject([{ action: "app.suspended", companyId }]);
    });

    test("a transferred app is its new owner's: what people allowed stands, what acted for the old owner ends", async () => {
      const { client_id } = await made();
      await verifyApp(on.db, admin, await seen(client_id));
      const person = await on.facts.addUser();
      const token = async (consentId: string | null) => {
        const { hash, last4 } = mint("at", random);
        const row = { hash: toBytes(hash), last4, kind: "access" as const, createdAt: on.clock.now() };
        const userId = consentId === null ? owner : person;
        await on.db.prisma.token.create({
          data: { ...row, appId: client_id, userId, consentId, scopes: ["read"] },
        });
        return hash;
      };
      const consent = {
        id: randomId(16, random),
        userId: person,
        appId: client_id,
        redirectHost: "app.example",
      };
      const at = { createdAt: on.clock.now(), updatedAt: on.clock.now() };
      await on.db.prisma.consent.create({ data: { ...consent, ...at, scopes: ["read"] } });
      const [direct, allowed] = [await token(null), await token(consent.id)];
      const next = await on.facts.addUser(`next-${randomId(6, random).toLowerCase()}@apps.test`);
      const { email } = await on.db.prisma.user.findUniqueOrThrow({ where: { id: next } });
      expect(await transferApp(on.db, admin, client_id, { email: email.toUpperCase() })).toBe("done");
      expect([await findApp(on.db, owner, client_id), await isVerified(on.db, client_id)]).toEqual([
        null,
        false,
      ]);
      expect(await findApp(on.db, next, client_id)).toMatchObject({ id: client_id, people: 1 });
      expect([await store().findToken(direct), (await store().findToken(allowed)) === null]).toEqual([
        null,
        false,
      ]);
      expect(await transferApp(on.db, admin, client_id, { email })).toBe("not_now");

      const companyId = await on.facts.addCompany(next);
      expect(await transferApp(on.db, admin, client_id, { companyId })).toBe("done");
      expect(await findAnyApp(on.db, admin, client_id)).toMatchObject({
        owner: { type: "company", id: companyId },
      });
      expect(await findApp(on.db, next, client_id)).toBeNull();
      expect((await audit(client_id)).filter(({ action }) => action === "app.transferred")).toHaveLength(2);
    });

    test("a transferred app keeps no maintainer of the company before, also when it comes back", async () => {
      const [maintainer, next] = [await on.facts.addUser(), await on.facts.addUser()];
      // A member of both companies, who would go on maintaining it.
      const [from, to] = [await on.facts.addCompany(maintainer), await on.facts.addCompany(maintainer)];
      await on.facts.addMember(owner, from, "owner");
      await on.facts.addMember(next, to, "owner");
      const app = await registerApp(on.db, owner, input, "", from);
      const appId = app?.id ?? "";
      await on.facts.addMaintainer(appId, maintainer);
      expect(await findApp(on.db, maintainer, appId)).not.toBeNull();
      for (const companyId of [to, from]) {
        expect(await transferApp(on.db, admin, appId, { companyId })).toBe("done");
        expect(await findApp(on.db, maintainer, appId)).toBeNull();
      }
      expect(await on.db.prisma.appMaintainer.count({ where: { appId } })).toBe(0);
    });

    test("nobody and somebody suspended get no app; one that waits is decided about first", async () => {
      const { client_id } = await made();
      const gone = await on.facts.addUser(`gone-${randomId(6, random).toLowerCase()}@apps.test`);
      const { email } = await on.db.prisma.user.findUniqueOrThrow({ where: { id: gone } });
      await on.facts.suspendUser(gone);
      for (const to of [{ email }, { email: "nobody@apps.test" }, { companyId: "nowhere" }])
        expect(await transferApp(on.db, admin, client_id, to)).toBe("no_owner");
      const waiting = await made({ status: "pending" });
      const companyId = await on.facts.addCompany(owner);
      expect(await transferApp(on.db, admin, waiting.client_id, { companyId })).toBe("not_now");
      await suspendApp(on.db, admin, waiting.client_id, "Wait.");
      expect(await transferApp(on.db, admin, waiting.client_id, { companyId })).toBe("not_now");
    });

    test("an app is deleted with everything it was given, when its name was typed", async () => {
      const app = await made({ preset: "machine" });
      await issueTo(app);
      expect(await deleteAnyApp(on.db, admin, app.client_id, "Other app")).toBe("changed");
      const done = await Promise.all(
        [1, 2, 3].map(() => deleteAnyApp(on.db, admin, app.client_id, " Test app ")),
      );
      expect(done.sort()).toEqual(["done", "no_app", "no_app"]);
      const { prisma } = on.db;
      const where = { appId: app.client_id };
      expect([await prisma.token.count({ where }), await prisma.clientSecret.count({ where })]).toEqual([
        0, 0,
      ]);
      expect((await audit(app.client_id)).at(-1)).toMatchObject({
        ...{ action: "app.deleted", details: { name: "Test app", tokens: 1 } },
      });
    });
  });

  test("apps are found by how their name begins, whatever the case, and by their whole client ID", async () => {
    const word = randomId(8, random);
    const first = await made({ name: `${word} One` });
    on.clock.forward(1);
    const second = await made({ name: `${word.toUpperCase()}_two` });
    const ids = async (search: string) => (await listAllApps(on.db, { search })).apps.map(({ id }) => id);
    expect(await ids(word.toLowerCase())).toEqual([second.client_id, first.client_id]);
    expect(await ids(`${word} o`)).toEqual([first.client_id]);
    expect(await ids(second.client_id)).toEqual([second.client_id]);
    for (const search of ["One", `${word}%`, `${word} _`, "\\"]) expect(await ids(search)).toEqual([]);
  });

  test("an administrator sees an app with the last four characters of its secrets alone", async () => {
    const { client_id, secret } = await made();
    const app = await findAnyApp(on.db, admin, client_id);
    expect(app).toMatchObject({ people: 0, liveTokens: 0, secrets: [{ last4: secret.slice(-4) }] });
    expect(JSON.stringify(app)).not.toContain(secret);
    expect(JSON.stringify(app)).not.toContain("hash");
  });
});
