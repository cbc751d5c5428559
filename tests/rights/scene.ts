/** A company with everybody in it, a stranger, an administrator, and one of everything that can be acted on. */
import { toBytes, toHash } from "../../lib/db/bytes";
import { createCredential } from "../../lib/db/credentials";
import { stopLeaked } from "../../lib/db/leaks";
import { createLink } from "../../lib/db/one-time-links";
import { createPersonalToken } from "../../lib/db/personal-tokens";
import { createServiceAccount } from "../../lib/db/service-account-changes";
import { sendTestEvent } from "../../lib/db/webhook-deliveries";
import { hashCredential } from "../../lib/oauth/tokens";
import { openSession } from "../../lib/server/auth";
import { legacyToken, personalToken } from "../support/credentials";
import type { TestServer } from "../support/runtime";
import { addEndpoint } from "../support/webhooks";
import { tokenFor } from "../support/world";

/** Who tries: nobody, the owner of another company, and the roles of the company that everything is of. */
export const roles = ["nobody", "outsider", "member", "auth manager", "owner", "admin"] as const;
export type Role = (typeof roles)[number];

export interface Person {
  id: string;
  email: string;
  /** The Cookie header of their sign-in. */
  cookie: string;
}

export interface Scene {
  people: Record<Exclude<Role, "nobody">, Person>;
  company: string;
  /** The owner's own app, with its secret. */
  app: { id: string; secret: string; oldSecret: string };
  /** One of the owner's that waits for approval. */
  waiting: string;
  /** The company's credential, and its legacy token. */
  credential: { id: string; secret: string; oldSecret: string };
  legacy: string;
  /** The owner's personal token, and an app they allowed. */
  token: string;
  /** The same as the administration names it, and as its owner has it. */
  tokenKey: string;
  pasted: string;
  allowed: string;
  /** One of the owner's that was reported as leaked. */
  quarantined: string;
  /** An app of the owner's with a redirect domain that was used. */
  observed: { id: string; uri: string };
  account: { id: string; key: string; secret: string; oldSecret: string; username: string };
  /** A sign-in and a passkey of the owner's. */
  session: string;
  passkey: string;
  /** An app of the company, with a member who maintains it. */
  companyApp: { id: string; maintainer: string };
  /** A webhook of the owner's app, and something that was sent to it. */
  endpoint: { id: string; delivery: string };
  invitation: string;
  suspendedApp: string;
  verifiedApp: string;
  companyWithoutApi: string;
  suspendedPerson: string;
  secondAdmin: string;
  /** Somebody who has an account and no password yet. */
  newcomer: string;
  now: string;
}

export async function setScene(server: TestServer): Promise<Scene> {
  const { facts, rt } = server;
  const { db } = rt;
  const { prisma } = db;
  const company = await facts.addCompany();
  const person = async (): Promise<Person> => {
    const id = await facts.addUser();
    const { email } = await prisma.user.update({
      where: { id },
      data: { passwordHash: "right", emailVerifiedAt: db.now() },
    });
    const [cookie = ""] = await openSession(
      rt,
      { id, email },
      { userAgent: "Browser", address: "192.0.2.1", cookie: undefined },
    );
    return { id, email, cookie: cookie.split(";", 1)[0] ?? "" };
  };
  const people = {
    outsider: await person(),
    member: await person(),
    "auth manager": await person(),
    owner: await person(),
    admin: await person(),
  };
  await facts.addMember(people.member.id, company, "member");
  await facts.addMember(people["auth manager"].id, company, "auth_manager");
  await facts.addMember(people.owner.id, company, "owner");
  await facts.addMember(people.outsider.id, await facts.addCompany(), "owner");
  await facts.makeAdmin(people.admin.id);

  const ownerId = people.owner.id;
  /** An old secret that is still valid for a day. */
  const oldSecretOf = async (appId: string) => {
    await facts.addSecret(appId, new Date(db.now().getTime() + 86_400_000));
    const ending = { appId, expiresAt: { not: null } };
    return (await prisma.clientSecret.findFirstOrThrow({ where: ending })).id;
  };
  const secretOf = async (appId: string) =>
    (await prisma.clientSecret.findFirstOrThrow({ where: { appId } })).id;
  const app = (await facts.addApp({ ownerId })).client_id;
  const waiting = (await facts.addApp({ ownerId, status: "pending" })).client_id;
  const credential = await createCredential(db, ownerId, company, { name: "Sync", scopes: ["read"] });
  if (!credential) throw new Error("no credential was made");
  await legacyToken(db, company);
  const legacy = await prisma.token.findFirstOrThrow({ where: { kind: "legacy", companyId: company } });
  const pasted = await createPersonalToken(db, ownerId, {
    ...{ name: "Script", scopes: ["read"], companyId: null, allCompanies: true, expiresAt: null },
  });
  const token = await prisma.token.findFirstOrThrow({ where: { kind: "personal", userId: ownerId } });
  const leaked = await personalToken(db, ownerId, { companies: "all" });
  const credentials = [{ kind: "pat" as const, hash: hashCredential(leaked) }];
  await stopLeaked(db, { credentials, source: null, quarantine: true });
  const quarantined = await prisma.quarantinedCredential.findFirstOrThrow({ where: { userId: ownerId } });
  const redirect = { match: "origin_path" as const, domain: "https://app.example" };
  const observed = (await facts.addApp({ ownerId, redirect })).client_id;
  const uri = "https://app.example/callback";
  await prisma.observedRedirectUri.create({
    data: { appId: observed, uri, count: 1, firstAt: db.now(), lastAt: db.now() },
  });
  const allowed = await facts.addApp();
  await tokenFor(rt, allowed, ownerId, { companyId: company });
  const username = `sync-${company.toLowerCase()}`;
  const account = await createServiceAccount(db, people.admin.id, {
    ...{ name: "Sync", username, companyId: company, scopes: ["read"], passwordHash: "right" },
  });
  if (typeof account === "string") throw new Error(account);
  const colleague = await facts.addUser();
  await facts.addMember(colleague, company, "member");
  const companyApp = (await facts.addApp({ companyId: company })).client_id;
  await prisma.app.update({ where: { id: companyApp }, data: { kind: "registered" } });
  await prisma.appMaintainer.create({ data: { appId: companyApp, userId: colleague, createdAt: db.now() } });
  const endpoint = await addEndpoint(db, { actorId: ownerId, appId: app }, { keys: rt.keys });
  const delivery = await sendTestEvent(db, { actorId: ownerId, appId: app }, endpoint.id);
  if (delivery === null || delivery === "wait") throw new Error("nothing was sent");
  const settled = { status: "delivered" as const, nextAt: null };
  await prisma.webhookDelivery.update({ where: { id: delivery }, data: settled });
  const invited = await prisma.$transaction((tx) =>
    createLink(db, tx, {
      ...{ purpose: "invitation", companyId: company, createdById: ownerId, seconds: 86_400 },
      ...{ email: `guest-${company.toLowerCase()}@example.test`, details: { role: "member" } },
    }),
  );
  const invitation = await prisma.oneTimeLink.findFirstOrThrow({
    where: { hash: toBytes(hashCredential(invited)) },
  });
  const suspendedApp = (await facts.addApp({ ownerId, status: "suspended" })).client_id;
  const verifiedApp = (await facts.addApp({ ownerId })).client_id;
  await prisma.app.update({ where: { id: verifiedApp }, data: { verifiedAt: db.now() } });
  const companyWithoutApi = await facts.addCompany();
  await prisma.company.update({ where: { id: companyWithoutApi }, data: { apiAccess: false } });
  const suspendedPerson = await facts.addUser();
  await facts.suspendUser(suspendedPerson);
  const secondAdmin = await facts.addUser();
  await facts.makeAdmin(secondAdmin);
  const newcomer = await facts.addUser();
  await prisma.user.update({ where: { id: newcomer }, data: { passwordHash: "", emailVerifiedAt: null } });
  await prisma.identity.create({
    data: {
      ...{ issuer: "https://idp.example", subject: ownerId, userId: ownerId },
      ...{ email: people.owner.email, createdAt: db.now() },
    },
  });
  await prisma.totpSecret.create({
    data: { userId: ownerId, secret: new Uint8Array(60), lastStep: 0, createdAt: db.now() },
  });
  const passkey = await prisma.passkey.create({
    data: {
      ...{ id: `passkey-${company}`, userId: ownerId, name: "Key", createdAt: db.now(), isSynced: false },
      ...{ credentialId: Buffer.from(company), publicKey: new Uint8Array(32), counter: 0, transports: [] },
    },
  });
  const session = await prisma.session.findFirstOrThrow({ where: { userId: ownerId } });
  return {
    people,
    company,
    app: { id: app, secret: await secretOf(app), oldSecret: await oldSecretOf(app) },
    waiting,
    credential: {
      ...{ id: credential.client_id, secret: await secretOf(credential.client_id) },
      oldSecret: await oldSecretOf(credential.client_id),
    },
    legacy: toHash(legacy.hash),
    token: toHash(token.hash),
    tokenKey: Buffer.from(token.hash).toString("hex"),
    pasted: pasted ?? "",
    allowed: allowed.client_id,
    quarantined: quarantined.id,
    observed: { id: observed, uri },
    account: {
      ...{ id: account.id, key: account.apiKey, secret: await secretOf(account.apiKey), username },
      oldSecret: await oldSecretOf(account.apiKey),
    },
    session: session.id,
    passkey: passkey.id,
    companyApp: { id: companyApp, maintainer: colleague },
    endpoint: { id: endpoint.id, delivery },
    invitation: invitation.id,
    ...{ suspendedApp, verifiedApp, companyWithoutApi, suspendedPerson, secondAdmin, newcomer },
    now: db.now().toISOString(),
  };
}
