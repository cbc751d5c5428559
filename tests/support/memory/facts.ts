/** The facts of a test, in memory. */
import { randomBytes } from "node:crypto";
import { hashCredential, mint, type Random, randomId } from "../../../lib/oauth/tokens";
import type { Client } from "../../../lib/oauth/types";
import { appFacts, changedPolicy, type Facts, ownerOf, policyFacts } from "../facts";
import type { MemoryStore } from "../memory-store";
import { drop, type StoredUser } from "./tables";

/** @param random where ids and secrets come from */
export function memoryFacts(store: MemoryStore, random: Random = (bytes) => randomBytes(bytes)): Facts {
  const client = (client_id: string): Client => found(store.clients.get(client_id), `client ${client_id}`);
  const changeUser = (userId: string, change: Partial<StoredUser>) => {
    store.users.set(userId, { ...found(store.users.get(userId), `user ${userId}`), ...change });
  };
  const facts: Facts = {
    async addUser(email = `${randomId(8, random).toLowerCase()}@example.test`) {
      const id = randomId(16, random);
      const name = email.split("@", 1)[0] ?? "";
      store.users.set(id, { email, name, kind: "person", status: "active", isAdmin: false });
      return id;
    },
    async makeAdmin(userId) {
      changeUser(userId, { isAdmin: true });
    },
    async addServiceAccount(companyId) {
      const id = await facts.addUser(`service-${randomId(8, random).toLowerCase()}`);
      changeUser(id, { kind: "service" });
      if (companyId !== undefined) await facts.addMember(id, companyId, "member");
      return id;
    },
    async addCompany(...memberIds) {
      const id = randomId(16, random);
      store.companies.set(id, { name: `Company ${id}` });
      for (const userId of memberIds) await facts.addMember(userId, id, "member");
      return id;
    },
    async addMember(userId, companyId, role) {
      await facts.leave(userId, companyId);
      store.memberships.push({ userId, companyId, role, createdAt: store.now() });
    },
    async leave(userId, companyId) {
      store.memberships = store.memberships.filter(
        (one) => one.userId !== userId || one.companyId !== companyId,
      );
    },
    async addMaintainer(client_id, userId) {
      store.maintainers.push({ client_id, userId });
    },
    async suspendUser(userId) {
      changeUser(userId, { status: "suspended" });
    },
    async deleteUser(userId) {
      store.users.delete(userId);
      store.memberships = store.memberships.filter((one) => one.userId !== userId);
      store.consents = store.consents.filter((consent) => consent.userId !== userId);
      for (const app of [...store.clients.values()])
        if (app.ownerId === userId) await facts.dropApp(app.client_id);
    },
    async addApp(app = {}) {
      const owner = await ownerOf(app, () => facts.addUser());
      const { preset: _, policy: __, ...made } = appFacts(app, owner);
      const client_id = randomId(12, random);
      const ownerName =
        store.users.get(owner.ownerId ?? "")?.name ?? store.companies.get(owner.companyId ?? "")?.name ?? "";
      const policy = policyFacts(appFacts(app, owner), store.now());
      store.clients.set(client_id, { ...made, client_id, ownerName, policy, logoId: null, version: 1 });
      return { client_id, secret: made.type === "public" ? "" : await facts.addSecret(client_id, null) };
    },
    async addSecret(client_id, expiresAt) {
      const { value } = mint("cs", random);
      store.secrets.push({ client_id, hash: hashCredential(value), expiresAt });
      return value;
    },
    async endSecret(client_id, secret, at) {
      const same = store.secrets.find(
        (one) => one.client_id === client_id && one.hash === hashCredential(secret),
      );
      found(same, `secret of ${client_id}`).expiresAt = at;
    },
    async setStatus(client_id, status) {
      store.clients.set(client_id, { ...client(client_id), status });
    },
    async setScopes(client_id, scopes) {
      store.clients.set(client_id, { ...client(client_id), scopes });
    },
    async setPolicy(client_id, policy) {
      const before = client(client_id);
      store.clients.set(client_id, { ...before, policy: changedPolicy(before.policy, policy, store.now()) });
    },
    async setInstance(instance) {
      store.instance = { ...store.instance, ...instance };
    },
    async lapsesOf(client_id) {
      return store.lapses.filter((one) => one.client_id === client_id).map(({ switches }) => switches);
    },
    async receiptsOf(userId, client_id) {
      const theirs = store.receipts.filter((one) => one.userId === userId && one.client_id === client_id);
      return theirs.map(({ shown }) => shown);
    },
    async deleteApp(client_id) {
      await facts.dropApp(client_id);
      store.endFamilies((row) => row.client_id === client_id);
      for (const rows of [store.requests, store.codes, store.tokens])
        drop<string, { client_id: string | null }>(rows, (row) => row.client_id === client_id);
    },
    async dropApp(client_id) {
      store.clients.delete(client_id);
      store.consents = store.consents.filter((consent) => consent.client_id !== client_id);
      const kept = store.secrets.filter((secret) => secret.client_id !== client_id);
      store.secrets.splice(0, store.secrets.length, ...kept);
    },
    async withdrawConsents(userId, client_id) {
      await facts.dropConsents(userId, client_id);
      const theirs = (row: { userId: string | null; client_id: string | null }) =>
        row.userId === userId && row.client_id === client_id;
      store.endFamilies(theirs);
      drop(store.codes, theirs);
      drop(store.tokens, theirs);
    },
    async dropConsents(userId, client_id) {
      store.consents = store.consents.filter(
        (consent) => consent.userId !== userId || consent.client_id !== client_id,
      );
    },
  };
  return facts;
}

function found<Row>(row: Row | undefined, name: string): Row {
  if (row === undefined) throw new Error(`no ${name}`);
  return row;
}
