/** Connections are let in before requests are worked on. */
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { connectionsFirst, followConnections } from "../../lib/server/accepting";

test("three hundred who come at once are all connected before the first of them is served", async () => {
  let connected = 0;
  const connectedAtFirst: number[] = [];
  const server = http.createServer(async (_, res) => {
    const letIn = connectionsFirst();
    if (letIn) await letIn;
    connectedAtFirst.push(connected);
    res.end();
  });
  followConnections(server);
  server.on("connection", () => {
    connected += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 512, resolve));
  const { port } = server.address() as AddressInfo;
  const answers = Array.from({ length: 300 }, () => {
    const socket = net.connect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    return new Promise<string>((resolve) => socket.once("data", (data) => resolve(data.toString("latin1"))));
  });
  for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(connectedAtFirst[0]).toBeGreaterThan(250);
  // A single one on a quiet server waits for nobody.
  const from = performance.now();
  expect((await fetch(`http://127.0.0.1:${port}`)).status).toBe(200);
  expect(connectionsFirst()).toBeNull();
  expect(performance.now() - from).toBeLessThan(500);
  server.closeAllConnections();
  server.close();
});
