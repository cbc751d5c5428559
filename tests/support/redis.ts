/** The Redis of the tests: TEST_REDIS_URL, or the one of this machine; without one its tests do not exist. */

import type { AddressInfo } from "node:net";
import net from "node:net";

const url = new URL(process.env.TEST_REDIS_URL ?? "redis://127.0.0.1:6379");
const address = { host: url.hostname, port: Number(url.port || 6379) };

const answers = await new Promise<boolean>((resolve) => {
  const socket = net.connect(address, () => socket.write("PING\r\n"));
  const end = (found: boolean) => {
    socket.destroy();
    resolve(found);
  };
  socket.setTimeout(1000, () => end(false));
  socket.once("data", () => end(true));
  socket.once("error", () => end(false));
});

/** None, or the one there is. */
export const redisServers: readonly string[] = answers ? [url.href] : [];

export interface RedisProxy {
  url: string;
  /** Breaks every connection and takes no new one. */
  stop(): Promise<void>;
  /** Takes connections again. */
  start(): Promise<void>;
  /** Keeps the connections, and passes nothing on. */
  hang(): void;
  /** Passes on again what was held back. */
  resume(): void;
}

/** A Redis that can be stopped without stopping Redis. */
export async function startRedisProxy(): Promise<RedisProxy> {
  const sockets = new Set<net.Socket>();
  let isHanging = false;
  const server = net.createServer((near) => {
    const far = net.connect(address);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (data) => to.write(data));
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    if (isHanging) near.pause();
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    start: () => listen(port),
    hang() {
      isHanging = true;
      for (const socket of sockets) socket.pause();
    },
    resume() {
      isHanging = false;
      for (const socket of sockets) socket.resume();
    },
  };
}
