/** The Redis of the tests: TEST_REDIS_URL, or the one of this machine; without one its tests do not exist. */

import net from "node:net";
import { startProxy, type TcpProxy } from "./proxy";

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

export interface RedisProxy extends TcpProxy {
  url: string;
}

/** A Redis that can be stopped without stopping Redis. */
export async function startRedisProxy(): Promise<RedisProxy> {
  const proxy = await startProxy(address);
  return Object.assign(proxy, { url: `redis://127.0.0.1:${proxy.port}` });
}
