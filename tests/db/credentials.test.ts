import { beforeEach, describe, expect, test, vi } from "vitest";
import { listActivity } from "../../lib/db/activity";
import { findToken } from "../../lib/db/bearer-tokens";
import { revokeSecret, rotateSecret } from "../../lib/db/client-secrets";
import { authenticateClient } from "../../lib/db/clients";
import { findStanding } from "../../lib/db/company-roles";
import {
  createCredential,
  findCredential,
  listCompanyCredentials,
  managedCredential,
  renewableCredential,
  revokeCredential,
} from "../../lib/db/credentials";
import { issueToClient } from "../../lib/db/direct-issue";
import { createLegacyToken, monthsAfter, revokeLegacyToken } from "../../lib/db/legacy-tokens";
import { logRefusal } from "../../lib/db/refusals";
import { findRefusal } from "../../lib/db/request-activity";
import { UsageLog } from "../../lib/db/usage";
import { isLive } from "../../lib/oauth/bearer";
import { hashCredential, isWellFormed, mint, randomId } from "../../lib/oauth/tokens";
import { onEachDatabase, random } from "../support/databases";

/** Everybody who does not manage the company's credentials. */
const others = [
  "member",
  "outsider",
  "ownerOfAnother",
  "adminWithoutMembership",
  "suspendedOwner",
  "formerOwner",
] as const;
type Other = (typeof others)[number];

const read = { name: "Nightly export", scopes: ["read"] };
const legacy = { ...read, name: "Old importer", months: 3 } as const;

onEachDatabase((on) => {
  let company: string;
  let people: Record<"owner" | "manager" | Other, string>;

  beforeEach(async () => {
    const { facts } = on;
    const add = () => facts.addUser();
    people = {
      owner: await add(),
      manager: await add(),
      member: await add(),
      outsider: await add(),
      ownerOfAnother: await add(),
      adminWithoutMembership: await add(),
      suspendedOwner: await add(),
      formerOwner: await add(),
    };
    company = await facts.addCompany(people.member);
    await facts.addMember(people.owner, company, "owner");
    await facts.addMember(people.manager, company, "auth_manager");
    await facts.addMember(people.ownerOfAnother, await facts.addCompany(), "owner");
    await facts.makeAdmin(people.adminWithoutMembership);
    await facts.addMember(people.suspendedOwner, company, "owner");
    await facts.suspendUser(people.suspendedOwner);
    await facts.addMember(people.formerOwner, company, "owner");
    await facts.leave(people.formerOwner, company);
  });

  const make = async (who = people.owner, input = read) => {
    const made = await createCredential(on.db, who, company, input);
    if (!made) throw new Error("not made");
    return made;
  };
  const makeToken = async (who = people.owner, input: Parameters<typeof createLegacyToken>[3] = legacy) => {
    const made = await createLegacyToken(on.db, who, company, input);
    if (!made) throw new Error("not made");
    return made.value;
  };
  const handleOf = (token: string) => hashCredential(token);
  const list = async (who = people.owner) => (await listCompanyCredentials(on.db, who, company)).credentials;
  const audit = () =>
    on.db.prisma.auditEvent.findMany({
      where: { companyId: company },
      orderBy: [{ at: "asc" }, { id: "asc" }],
    });
  const withoutPlan = () =>
    on.db.prisma.company.update({ where: { id: company }, data: { apiAccess: false } });

  const authenticate = ({ client_id, secret }: { client_id: string; secret: string }) =>
    authenticateClient(
      on.db,
      { method: "client_secret_post", client_id, secretHash: hashCredential(secret) },
      on.clock.now(),
    );

  /** An access token from the credentials. @returns its value */
  async function exchange(
    { client_id, secret }: { client_id: string; secret: string },
    scopes: string[] | null = null,
  ): Promise<string | null> {
    const [token, refresh] = [mint("at", random), mint("rt", random)];
    const issued = await issueToClient(
      on.db,
      {
        client: { method: "client_secret_basic", client_id, secretHash: hashCredential(secret) },
        scopes,
        basicScopes: ["read"],
        tokenHash: token.hash,
        tokenLast4: token.last4,
        familyId: randomId(20, random),
        refreshHash: refresh.hash,
        refreshLast4: refresh.last4,
      },
      on.clock.now(),
    );
    return issued && token.value;
  }
  const alive = async (token: string) => {
    const facts = await findToken(on.db, hashCredential(token));
    return facts !== null && isLive(facts, on.clock.now());
  };

  describe("creating OAuth credentials", () => {
    test.each(["owner", "manager"] as const)("is for an %s of the company", async (who) => {
      const made = await make(people[who], { name: "Sync", scopes: ["read", "write"] });
      expect(isWellFormed(made.secret, "cs")).toBe(true);
      expect(await authenticate(made)).toMatchObject({
        ownerId: null,
        companyId: company,
        type: "confidential",
        scopes: ["read", "write"],
        policy: { preset: "machine", grants: ["client_credentials"], refresh: "none" },
        redirect: { match: "exact", uris: [] },
      });
    });

    test.each(others)("is not for: %s", async (who) => {
      expect(await createCredential(on.db, people[who], company, read)).toBeNull();
      expect(await list()).toEqual([]);
      expect(await audit()).toEqual([]);
    });

    test("is refused where the plan has no API, even to an owner", async () => {
      await withoutPlan();
      expect(await createCredential(on.db, people.owner, company, read)).toBeNull();
      expect(await createLegacyToken(on.db, people.owner, company, legacy)).toBeNull();
      expect(await on.db.prisma.app.count({ where: { companyId: company } })).toBe(0);
      expect(await on.db.prisma.token.count({ where: { companyId: company } })).toBe(0);
    });

    test("waits for a role that is being taken away at this moment, and is then refused", async () => {
      const { pool } = on.db;
      if (on.db.kind === "embedded") {
        // One connection: what would be at the same moment comes before.
        await pool.query("DELETE FROM memberships WHERE user_id = $1", [people.owner]);
        expect(await createCredential(on.db, people.owner, company, read)).toBeNull();
        return;
      }
      const other = await pool.connect();
      try {
        await other.query("BEGIN");
        await other.query("DELETE FROM memberships WHERE user_id = $1", [people.owner]);
        const making = createCredential(on.db, people.owner, company, read);
        await vi.waitFor(async () => {
          const { rows } = await pool.query(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
          );
          expect(rows).toHaveLength(1);
        });
        await other.query("COMMIT");
        expect(await making).toBeNull();
      } finally {
        other.release();
      }
    });

    test("puts the brand's word before the secret, and keeps neither it nor the token", async () => {
      const made = await createCredential(on.db, people.owner, company, read, "acme_");
      expect(isWellFormed(made?.secret ?? "", "cs", "acme_")).toBe(true);
      const token = await createLegacyToken(on.db, people.owner, company, legacy, "acme_");
      expect(isWellFormed(token?.value ?? "", "lt", "acme_")).toBe(true);
      const rows = JSON.stringify([
        await on.db.prisma.clientSecret.findMany(),
        await on.db.prisma.token.findMany({ where: { companyId: company } }),
        await audit(),
      ]);
      expect(rows).not.toContain(made?.secret);
      expect(rows).not.toContain(token?.value);
    });
  });

  describe("creating legacy tokens", () => {
    test.each(["owner", "manager"] as const)("is for an %s of the company", async (who) => {
      const value = await makeToken(people[who]);
      expect(await findToken(on.db, hashCredential(value))).toMatchObject({
        kind: "legacy",
        userId: null,
        client_id: null,
        companyIds: [company],
        scopes: ["read"],
        expiresAt: monthsAfter(on.clock.now(), 3),
      });
      expect(await alive(value)).toBe(true);
    });

    test.each(others)("is not for: %s", async (who) => {
      expect(await createLegacyToken(on.db, people[who], company, legacy)).toBeNull();
      expect(await on.db.prisma.token.count({ where: { companyId: company } })).toBe(0);
      expect(await audit()).toEqual([]);
    });

    test.each([
      ["2026-01-01T10:20:30.000Z", 1, "2026-02-01T10:20:30.000Z"],
      ["2026-01-31T00:00:00.000Z", 1, "2026-02-28T00:00:00.000Z"],
      ["2028-01-31T23:59:59.000Z", 1, "2028-02-29T23:59:59.000Z"],
      ["2026-08-31T12:00:00.000Z", 3, "2026-11-30T12:00:00.000Z"],
      ["2026-08-31T12:00:00.000Z", 6, "2027-02-28T12:00:00.000Z"],
      ["2028-02-29T12:00:00.000Z", 12, "2029-02-28T12:00:00.000Z"],
      ["2026-12-31T12:00:00.000Z", 12, "2027-12-31T12:00:00.000Z"],
    ])("%s and %i months later is %s", (from, months, end) => {
      expect(monthsAfter(new Date(from), months).toISOString()).toBe(end);
    });

    test.each([1, 3, 6, 12] as const)(
      "for %i months: it works to the second and no longer",
      async (months) => {
        const value = await makeToken(people.owner, { ...legacy, months });
        const end = monthsAfter(on.clock.now(), months).getTime();
        on.clock.forward((end - on.clock.now().getTime()) / 1000 - 1);
        expect(await alive(value)).toBe(true);
        expect((await list()).map(({ last4 }) => last4)).toContain(value.slice(-4));
        on.clock.forward(1);
        expect(await alive(value)).toBe(false);
        expect(await list()).toEqual([]);
      },
    );
  });

  describe("whoever made them", () => {
    test.each([
      ["leaves the company", async () => on.facts.leave(people.manager, company)],
      ["is suspended", async () => on.facts.suspendUser(people.manager)],
      ["is deleted", async () => on.facts.deleteUser(people.manager)],
    ])("%s: credentials, tokens from them and legacy tokens go on working", async (_, goes) => {
      const made = await make(people.manager);
      const access = (await exchange(made)) ?? "";
      const token = await makeToken(people.manager);
      await goes();
      expect(await alive(access)).toBe(true);
      expect(await alive((await exchange(made)) ?? "")).toBe(true);
      expect(await alive(token)).toBe(true);
      expect(await list()).toHaveLength(2);
    });

    test("is named as long as they are a member", async () => {
      const { client_id } = await make(people.manager);
      await makeToken(people.manager);
      const { name } = await on.db.prisma.user.findUniqueOrThrow({ where: { id: people.manager } });
      expect((await list()).map(({ createdBy }) => createdBy)).toEqual([name, name]);
      expect(await findCredential(on.db, people.owner, client_id)).toMatchObject({ createdBy: name });
      await on.facts.leave(people.manager, company);
      expect((await list()).map(({ createdBy }) => createdBy)).toEqual([null, null]);
      await on.facts.deleteUser(people.manager);
      expect((await list()).map(({ createdBy }) => createdBy)).toEqual([null, null]);
      expect(await findCredential(on.db, people.owner, client_id)).toMatchObject({ createdBy: null });
    });
  });

  describe("the list", () => {
    test("has both kinds, newest first, without anything of another company", async () => {
      const other = await createCredential(on.db, people.ownerOfAnother, company, read);
      expect(other).toBeNull();
      const { client_id } = await make();
      on.clock.forward(60);
      const token = await makeToken();
      const elsewhere = await on.facts.addCompany();
      await on.facts.addMember(people.owner, elsewhere, "owner");
      await createCredential(on.db, people.owner, elsewhere, read);
      await createLegacyToken(on.db, people.owner, elsewhere, legacy);
      expect(await list()).toMatchObject([
        { kind: "legacy", id: handleOf(token), name: "Old importer", last4: token.slice(-4) },
        { kind: "oauth", id: client_id, name: "Nightly export", last4: null, works: true, expiresAt: null },
      ]);
    });

    test("says when, where from and with which program each was last used", async () => {
      const made = await make();
      on.clock.forward(60);
      const token = await makeToken();
      const callers = ["curl/8.5", "till/2"].map((agent, n) => ({
        ...{ address: `203.0.113.${n}`, headers: { "user-agent": agent } },
      }));
      const usage = new UsageLog(on.db, (error) => {
        throw error;
      });
      const uses = async () =>
        (await list()).map(({ kind, lastUsedAt, lastUsedAddress, lastUsedAgent }) => [
          ...[kind, lastUsedAt, lastUsedAddress, lastUsedAgent],
        ]);
      expect(await uses()).toEqual([
        ["legacy", null, null, null],
        ["oauth", null, null, null],
      ]);
      const secretHash = hashCredential(made.secret);
      usage.client(made.client_id, secretHash, callers[0]);
      usage.token(hashCredential(token), callers[1]);
      await usage.flush(true);
      const at = on.clock.now();
      const used = [
        ["legacy", at, "203.0.113.1", "till/2"],
        ["oauth", at, "203.0.113.0", "curl/8.5"],
      ];
      expect(await uses()).toEqual(used);
      // Another secret; then somebody still has the old one after its end, which is no use of the credentials.
      const whose = managedCredential(people.owner);
      const next = (await rotateSecret(on.db, people.owner, made.client_id, 0, "", whose)) ?? "";
      on.clock.forward(600);
      usage.client(null, secretHash, callers[1]);
      await usage.flush(true);
      expect((await uses())[1]?.slice(0, 2)).toEqual(["oauth", at]);
      expect((await uses())[1]?.slice(2)).toEqual([null, null]);
      usage.client(made.client_id, hashCredential(next), callers[0]);
      await usage.close();
      expect((await uses())[1]).toEqual(["oauth", on.clock.now(), "203.0.113.0", "curl/8.5"]);
    });

    test.each(others)("is empty for: %s", async (who) => {
      const { client_id } = await make();
      await makeToken();
      expect(await list(people[who])).toEqual([]);
      expect(await findCredential(on.db, people[who], client_id)).toBeNull();
    });

    test("pages through many rows made at one moment, each once", async () => {
      for (let index = 0; index < 4; index += 1) {
        await make();
        await makeToken();
      }
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await listCompanyCredentials(on.db, people.owner, company, { after, limit: 3 });
        seen.push(...page.credentials.map(({ id }) => id));
        after = page.next ?? undefined;
      } while (after !== undefined);
      expect(seen).toHaveLength(8);
      expect(new Set(seen)).toEqual(new Set((await list()).map(({ id }) => id)));
    });
  });

  describe("revoking", () => {
    test("ends the credentials with their secrets and tokens", async () => {
      const made = await make();
      const kept = await make();
      const access = (await exchange(made)) ?? "";
      expect(await revokeCredential(on.db, people.manager, made.client_id)).toBe(true);
      expect(await authenticate(made)).toBe("unknown_client");
      expect(await findToken(on.db, hashCredential(access))).toBeNull();
      expect(await on.db.prisma.clientSecret.count({ where: { appId: made.client_id } })).toBe(0);
      expect(await alive((await exchange(kept)) ?? "")).toBe(true);
      expect(await revokeCredential(on.db, people.manager, made.client_id)).toBe(false);
    });

    test("ends a legacy token", async () => {
      const token = await makeToken();
      const kept = await makeToken();
      expect(await revokeLegacyToken(on.db, people.manager, handleOf(token))).toBe(true);
      expect([await alive(token), await alive(kept)]).toEqual([false, true]);
      expect(await revokeLegacyToken(on.db, people.manager, handleOf(token))).toBe(false);
    });

    test("is possible where the plan no longer has the API, a new secret is not", async () => {
      const { client_id } = await make();
      const token = await makeToken();
      await withoutPlan();
      const renewable = renewableCredential(people.owner);
      expect(await rotateSecret(on.db, people.owner, client_id, 0, "", renewable)).toBeNull();
      expect(await revokeCredential(on.db, people.owner, client_id)).toBe(true);
      expect(await revokeLegacyToken(on.db, people.owner, handleOf(token))).toBe(true);
    });

    test.each(others)("is not for: %s", async (who) => {
      const made = await make();
      const token = await makeToken();
      expect(await revokeCredential(on.db, people[who], made.client_id)).toBe(false);
      expect(await revokeLegacyToken(on.db, people[who], handleOf(token))).toBe(false);
      expect([typeof (await authenticate(made)), await alive(token)]).toEqual(["object", true]);
    });

    test("leaves apps of people and tokens of apps alone, whoever asks", async () => {
      const app = await on.facts.addApp({ ownerId: people.owner });
      expect(await revokeCredential(on.db, people.owner, app.client_id)).toBe(false);
      const access = (await exchange(await make())) ?? "";
      expect(await revokeLegacyToken(on.db, people.owner, handleOf(access))).toBe(false);
      for (const handle of ["", "x", "not a handle", "A".repeat(400)])
        expect(await revokeLegacyToken(on.db, people.owner, handle)).toBe(false);
      expect(await alive(access)).toBe(true);
    });
  });

  describe("rotating the secret of credentials", () => {
    test("works as for an app: both secrets until the old one's end", async () => {
      const made = await make();
      const by = people.manager;
      const next = await rotateSecret(on.db, by, made.client_id, 3600, "", renewableCredential(by));
      const renewed = { ...made, secret: next ?? "" };
      expect([typeof (await authenticate(made)), typeof (await authenticate(renewed))]).toEqual([
        "object",
        "object",
      ]);
      on.clock.forward(3600);
      expect([await authenticate(made), typeof (await authenticate(renewed))]).toEqual([
        "ended_secret",
        "object",
      ]);
      const [{ id } = { id: "" }] = (await findCredential(on.db, by, made.client_id))?.secrets ?? [];
      expect(await revokeSecret(on.db, by, made.client_id, id, managedCredential(by))).toBe(true);
      expect(await authenticate(renewed)).toBe("ended_secret");
      expect(await list()).toMatchObject([{ id: made.client_id, works: false }]);
    });

    test.each(others)("is not for: %s", async (who) => {
      const by = people[who];
      const made = await make();
      const [{ id } = { id: "" }] =
        (await findCredential(on.db, people.owner, made.client_id))?.secrets ?? [];
      expect(await rotateSecret(on.db, by, made.client_id, 0, "", renewableCredential(by))).toBeNull();
      expect(await revokeSecret(on.db, by, made.client_id, id, managedCredential(by))).toBe(false);
      expect(typeof (await authenticate(made))).toBe("object");
    });
  });

  test("Everything is noted for the company, without a secret", async () => {
    const { client_id } = await make();
    on.clock.forward(1);
    await rotateSecret(on.db, people.manager, client_id, 0, "", renewableCredential(people.manager));
    on.clock.forward(1);
    const token = await makeToken(people.manager);
    on.clock.forward(1);
    await revokeLegacyToken(on.db, people.owner, handleOf(token));
    on.clock.forward(1);
    await revokeCredential(on.db, people.owner, client_id);
    expect(await audit()).toMatchObject([
      { action: "credential.created", actorId: people.owner, appId: client_id, details: { name: read.name } },
      { action: "secret.rotated", actorId: people.manager, appId: client_id },
      { action: "token.created", actorId: people.manager, appId: null, details: { last4: token.slice(-4) } },
      { action: "token.revoked", actorId: people.owner, appId: null, details: { name: legacy.name } },
      { action: "credential.deleted", actorId: people.owner, appId: client_id, details: { name: read.name } },
    ]);
  });

  test("Refused requests are told to those who manage the company, and to nobody else", async () => {
    const { client_id } = await make();
    const reason = "The request asked for more than the app is registered for.";
    const refusal = {
      ...{ requestId: "request-1", endpoint: "/oauth/token", grantType: "client_credentials" },
      ...{ error: "invalid_scope", caller: null },
    };
    await logRefusal(on.db, refusal, { client_id, reason });
    const told = async (who: string) =>
      (await listActivity(on.db, who, client_id)).rows.length +
      ((await findRefusal(on.db, who, client_id, "request-1")) ? 1 : 0);
    for (const who of ["owner", "manager"] as const) expect(await told(people[who])).toBe(2);
    for (const who of [
      "member",
      "outsider",
      "ownerOfAnother",
      "adminWithoutMembership",
      "formerOwner",
    ] as const)
      expect(await told(people[who])).toBe(0);
  });

  test("A member sees where they stand and whom to ask; who is not a member sees nothing", async () => {
    const standing = await findStanding(on.db, people.member, company);
    expect(standing).toMatchObject({ id: company, apiAccess: true, manages: false });
    // Whoever is suspended cannot help.
    expect(standing?.managers.map(({ id, role }) => [id, role])).toEqual(
      expect.arrayContaining([
        [people.owner, "owner"],
        [people.manager, "auth_manager"],
      ]),
    );
    expect(standing?.managers).toHaveLength(2);
    expect(await findStanding(on.db, people.manager, company)).toMatchObject({ manages: true });
    for (const who of ["outsider", "ownerOfAnother", "adminWithoutMembership", "formerOwner"] as const)
      expect(await findStanding(on.db, people[who], company)).toBeNull();
  });
});
