/** Webhooks from what happened to somebody else's server, and back into the log. */
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { listDeliveries, sendTestEvent } from "../../lib/db/webhook-deliveries";
import { OLD_SECRET_SECONDS, rotateEndpointSecret, switchEndpoint } from "../../lib/db/webhook-endpoints";
import { LEASE_SECONDS } from "../../lib/db/webhook-queue";
import { createCourier } from "../../lib/server/courier";
import { createKeyring } from "../../lib/server/keyring";
import { resealSecrets } from "../../lib/server/webhook-secrets";
import { newWebhookSecret } from "../../lib/server/webhook-signature";
import { startTestServer, type TestServer } from "../support/runtime";
import { addEndpoint, type Receiver, startReceiver, type TestEndpoint } from "../support/webhooks";

let server: TestServer;
let receiver: Receiver;
let actor: { actorId: string; appId: string };
let endpoint: TestEndpoint;
beforeAll(async () => {
  server = await startTestServer({ folder: null }, { webhookAllowPrivate: true });
});
afterAll(() => server?.close());
beforeEach(async () => {
  receiver = await startReceiver();
  const actorId = await server.facts.addUser();
  actor = { actorId, appId: (await server.facts.addApp({ ownerId: actorId })).client_id };
  endpoint = await addEndpoint(server.rt.db, actor, { url: receiver.url });
  // The signature counts for five minutes: the test's clock is the one of now.
  server.clock.forward((Date.now() - server.clock.now().getTime()) / 1000);
});
afterEach(() => receiver.close());

const tools = () => {
  const { db, log, mail, keys, env, targets } = server.rt;
  return { db, log, mail, keys, issuer: env.issuer, targets };
};
async function send(): Promise<string> {
  const id = await sendTestEvent(server.rt.db, actor, endpoint.id);
  if (id === null || id === "wait") throw new Error("not sent");
  return id;
}
const list = async () => (await listDeliveries(server.rt.db, actor, endpoint.id)).deliveries;
const verify = (secret: string, { headers, body } = receiver.received[0] ?? { headers: {}, body: "" }) =>
  new Webhook(secret).verify(body, headers);

describe("a request", () => {
  test("is one that a library for Standard Webhooks accepts, and no other", async () => {
    const id = await send();
    await server.rt.courier.deliver(id);
    const [got] = receiver.received;
    expect(got?.headers["webhook-id"]).toBe(id);
    expect(verify(endpoint.secret)).toMatchObject({ type: "webhook.test", data: { client_id: actor.appId } });
    expect(() => verify(newWebhookSecret())).toThrow(WebhookVerificationError);
    expect(() => verify(endpoint.secret, { headers: got?.headers ?? {}, body: `${got?.body} ` })).toThrow();
    expect(await list()).toMatchObject([
      { id, status: "delivered", statusCode: 204, attempts: 1, answer: "" },
    ]);
  });

  test("carries both signatures for a day after the secret was rotated, and then the new one alone", async () => {
    const secret = newWebhookSecret();
    const { db, keys, courier } = server.rt;
    await rotateEndpointSecret(db, actor, endpoint.id, keys.seal("webhook secret", "", secret));
    await courier.deliver(await send());
    expect(receiver.received[0]?.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
    for (const one of [endpoint.secret, secret]) expect(verify(one)).toMatchObject({ type: "webhook.test" });
    server.clock.forward(OLD_SECRET_SECONDS + 1);
    await courier.deliver(await send());
    expect(receiver.received[1]?.headers["webhook-signature"]?.split(" ")).toHaveLength(1);
  });

  test("that fails is made again later, with the same id and body", async () => {
    receiver.answer = (response) => response.writeHead(503).end("busy");
    const id = await send();
    await server.rt.courier.round();
    expect(await list()).toMatchObject([{ status: "pending", statusCode: 503, answer: "busy" }]);
    receiver.answer = (response) => response.writeHead(200).end("ok");
    server.clock.forward(20);
    await server.rt.courier.round();
    expect(receiver.received.map(({ headers }) => headers["webhook-id"])).toEqual([id, id]);
    expect(receiver.received[0]?.body).toBe(receiver.received[1]?.body);
    expect(await list()).toMatchObject([{ status: "delivered", attempts: 2, answer: "ok" }]);
  });

  test("is not made to an endpoint that is off", async () => {
    const id = await send();
    await server.rt.db.prisma.webhookEndpoint.updateMany({ data: { status: "disabled" } });
    await server.rt.courier.deliver(id);
    expect(receiver.received).toEqual([]);
    expect(await list()).toMatchObject([{ status: "failed", problem: "The endpoint was turned off." }]);
    await switchEndpoint(server.rt.db, actor, endpoint.id, "active");
  });

  test("that is cut short by the end of its process is made again by the next one", async () => {
    let arrived: () => void = () => {};
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    receiver.answer = () => arrived();
    const dying = createCourier(tools());
    const id = await send();
    const attempt = dying.deliver(id);
    await arrival;
    await dying.close();
    await attempt;
    expect(await list()).toMatchObject([{ status: "pending", statusCode: null, attempts: 1 }]);
    receiver.answer = (response) => response.writeHead(200).end();
    await server.rt.courier.round();
    expect(receiver.received).toHaveLength(1);
    server.clock.forward(LEASE_SECONDS);
    await server.rt.courier.round();
    expect(receiver.received.map(({ headers }) => headers["webhook-id"])).toEqual([id, id]);
    expect(await list()).toMatchObject([{ status: "delivered", attempts: 2 }]);
  });

  test("of several couriers is made by one", async () => {
    const ids: string[] = [];
    for (let count = 0; count < 10; count += 1) ids.push(await send());
    const couriers = Array.from({ length: 3 }, () => createCourier(tools()));
    await Promise.all([server.rt.courier, ...couriers].map((courier) => courier.round()));
    expect(receiver.received.map(({ headers }) => headers["webhook-id"]).sort()).toEqual([...ids].sort());
    for (const courier of couriers) await courier.close();
  });

  test("to an endpoint that does not answer keeps no other waiting", async () => {
    const slow = await startReceiver();
    slow.answer = () => {};
    const { id } = await addEndpoint(server.rt.db, actor, { url: slow.url });
    for (let count = 0; count < 10; count += 1) await sendTestEvent(server.rt.db, actor, id);
    await send();
    const courier = createCourier(tools());
    const round = courier.round();
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1));
    expect(slow.received.length).toBeLessThan(10);
    await courier.close();
    await round;
    await slow.close();
    await server.rt.db.prisma.webhookEndpoint.deleteMany({ where: { id } });
  });
});

describe("a signing secret", () => {
  test("is in the database as nobody else can read it", async () => {
    const row = await server.rt.db.prisma.webhookEndpoint.findUniqueOrThrow({ where: { id: endpoint.id } });
    const stored = Buffer.from(row.secret);
    expect(stored.toString("latin1")).not.toContain(endpoint.secret.slice(6, 20));
    expect(server.rt.keys.unseal("webhook secret", "", row.secret)?.text).toBe(endpoint.secret);
    const changed = new Uint8Array(row.secret);
    changed[20] = (changed[20] ?? 0) ^ 1;
    expect(server.rt.keys.unseal("webhook secret", "", changed)).toBeNull();
    expect(server.rt.keys.unseal("webhook secret", "", new Uint8Array())).toBeNull();
  });

  test("outlives AUTH_SECRET: it is sealed again while the one before is named", async () => {
    const { db, env } = server.rt;
    const between = createKeyring("another-secret-another-secret-another-secret", env.authSecret);
    const after = createKeyring("another-secret-another-secret-another-secret", undefined);
    const stored = async () =>
      (await db.prisma.webhookEndpoint.findUniqueOrThrow({ where: { id: endpoint.id } })).secret;
    expect(between.unseal("webhook secret", "", await stored())?.text).toBe(endpoint.secret);
    expect(after.unseal("webhook secret", "", await stored())).toBeNull();
    expect(await resealSecrets(db, after)).toBe(0);
    expect(await resealSecrets(db, between)).toBeGreaterThan(0);
    expect(await resealSecrets(db, between)).toBe(0);
    expect(after.unseal("webhook secret", "", await stored())?.text).toBe(endpoint.secret);
    // Here it can no longer be read, and the log says what to do.
    await server.rt.courier.deliver(await send());
    expect(await list()).toMatchObject([
      { problem: "Its signing secret can no longer be read here: rotate it." },
    ]);
    expect(receiver.received).toEqual([]);
  });
});

describe("without WEBHOOK_ALLOW_PRIVATE", () => {
  test("an endpoint whose name points inside meanwhile is not called", async () => {
    const targets = { allowPrivate: false, resolve: async () => [{ address: "127.0.0.1", family: 4 }] };
    const courier = createCourier({ ...tools(), targets });
    const { id } = await addEndpoint(server.rt.db, actor, { url: `https://hooks.example:${receiver.port}/` });
    const sent = await sendTestEvent(server.rt.db, actor, id);
    await courier.deliver(sent ?? "");
    const { deliveries } = await listDeliveries(server.rt.db, actor, id);
    expect(deliveries).toMatchObject([
      { problem: "This address is not on the public internet.", statusCode: null },
    ]);
    expect(receiver.connections()).toBe(0);
    await courier.close();
  });
});
