/** What tests of webhooks share: an endpoint in the database, and a server that receives. */
import http from "node:http";
import type { Database } from "../../lib/db/database";
import { createEndpoint } from "../../lib/db/webhook-endpoints";
import { type WebhookEventType, webhookEvents } from "../../lib/db/webhook-events";
import { createKeyring, type Keyring } from "../../lib/server/keyring";
import { newWebhookSecret } from "../../lib/server/webhook-signature";

const testKeys = createKeyring("only-for-tests-only-for-tests-only-for-tests", undefined);

export interface TestEndpoint {
  id: string;
  secret: string;
}

/** An endpoint of an app's, that hears of everything unless said otherwise. */
export async function addEndpoint(
  db: Database,
  { actorId, appId }: { actorId: string; appId: string },
  {
    url = "https://hooks.example/latchkey",
    events = webhookEvents,
    keys = testKeys,
  }: { url?: string; events?: readonly WebhookEventType[]; keys?: Keyring } = {},
): Promise<TestEndpoint> {
  const secret = newWebhookSecret();
  const made = await createEndpoint(
    db,
    { actorId, appId },
    { url, events },
    keys.seal("webhook secret", "", secret),
  );
  if (typeof made === "string") throw new Error(`there is no endpoint: ${made}`);
  return { id: made.id, secret };
}

export interface Received {
  headers: Record<string, string>;
  body: string;
}

export interface Receiver {
  url: string;
  port: number;
  received: Received[];
  /** How it answers from now on. */
  answer: (response: http.ServerResponse, request: http.IncomingMessage) => void;
  /** Connections that were opened. */
  connections: () => number;
  close(): Promise<void>;
}

/** A server of somebody's that takes webhooks. */
export async function startReceiver(): Promise<Receiver> {
  let connections = 0;
  const server = http.createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      receiver.received.push({ headers: Object.fromEntries(headers), body });
      receiver.answer(response, request);
    });
  });
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const receiver: Receiver = {
    url: `http://127.0.0.1:${address.port}/hooks`,
    port: address.port,
    received: [],
    answer: (response) => response.writeHead(204).end(),
    connections: () => connections,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}
