import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { toBytes } from "../../lib/db/bytes";
import { hashCredential } from "../../lib/oauth/tokens";
import { clientToken } from "../support/credentials";
import type { TestApp } from "../support/facts";
import { startTestServer, type TestServer } from "../support/runtime";
import { basic } from "../support/world";

let server: TestServer;
let app: TestApp;
beforeAll(async () => {
  server = await startTestServer({ folder: null }, { trustProxy: 1 });
});
afterAll(() => server?.close());
beforeEach(async () => {
  const ownerId = await server.facts.addUser();
  await server.facts.addCompany(ownerId);
  app = await server.facts.addApp({ ownerId, preset: "machine" });
});

const from = (address: string, agent: string) => ({ "x-forwarded-for": address, "user-agent": agent });

/** What is written down of a token's last use, once everything is. */
async function lastUse(token: string) {
  const where = { hash: toBytes(hashCredential(token)) };
  const row = await server.rt.db.prisma.token.findUniqueOrThrow({ where });
  return row.lastUsedAt && [row.lastUsedAddress, row.lastUsedAgent];
}

const call = (token: string, headers: Record<string, string>) =>
  fetch(`${server.url}/public/v1/me`, { headers: { authorization: `Bearer ${token}`, ...headers } });

const introspect = (token: string, headers: Record<string, string>) =>
  fetch(`${server.url}/oauth/introspect`, {
    method: "POST",
    headers: { authorization: basic(app), ...headers },
    body: new URLSearchParams({ token }),
  });

test("a call of the API leaves its address and its program with the token", async () => {
  const token = await clientToken(server.url, app);
  expect((await call(token, from("203.0.113.7", "curl/8.5.0"))).status).toBe(200);
  await expect.poll(() => lastUse(token), { timeout: 6000 }).toEqual(["203.0.113.7", "curl/8.5.0"]);
});

test("a resource server that introspects is not the token's user, and its address is not kept", async () => {
  const token = await clientToken(server.url, app);
  const answer = await introspect(token, from("198.51.100.9", "resource-server/1"));
  expect(await answer.json()).toMatchObject({ active: true });
  await expect.poll(() => lastUse(token), { timeout: 6000 }).toEqual([null, null]);
});

test("it is the secret's user: the address that asks at the token endpoint or introspects is kept with the secret", async () => {
  const token = await clientToken(server.url, app);
  await introspect(token, from("198.51.100.9", "resource-server/1"));
  const secret = () => server.rt.db.prisma.clientSecret.findFirst({ where: { appId: app.client_id } });
  await expect
    .poll(secret, { timeout: 6000 })
    .toMatchObject({ lastUsedAddress: "198.51.100.9", lastUsedAgent: "resource-server/1" });
});
