/** A TCP proxy in front of PostgreSQL or Redis, so that a test can take them away without stopping them. */
import net, { type AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

export interface TcpProxy {
  port: number;
  /** How many are connected. */
  readonly connections: number;
  /** Breaks every connection and takes no new one. */
  stop(): Promise<void>;
  /** Takes connections again. */
  start(): Promise<void>;
  /** Breaks every connection, and takes new ones. */
  cut(): void;
  /** Keeps the connections and takes new ones, and passes nothing on. */
  hang(): void;
  /** Passes on again, also what was held back. */
  resume(): void;
  /** Passes every answer on so much later, in milliseconds. */
  delay(ms: number): void;
}

/** @param far where it leads */
export async function startProxy(far: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<net.Socket>();
  let isHanging = false;
  let delayMs = 0;
  const join = (from: net.Socket, to: net.Socket, pass: (data: Buffer) => void) => {
    sockets.add(from);
    from.on("data", pass);
    from.on("error", () => to.destroy());
    from.on("close", () => {
      sockets.delete(from);
      to.destroy();
    });
    if (isHanging) from.pause();
  };
  const server = net.createServer((near) => {
    const there = net.connect(far);
    join(near, there, (data) => there.write(data));
    let passed = Promise.resolve();
    join(there, near, (data) => {
      const due = performance.now() + delayMs;
      passed = passed.then(async () => {
        const early = due - performance.now();
        if (early > 0) await wait(early, undefined, { ref: false });
        near.write(data);
      });
    });
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    get connections() {
      return sockets.size / 2;
    },
    async stop() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
    start: () => (server.listening ? Promise.resolve() : listen(port)),
    cut,
    hang() {
      isHanging = true;
      for (const socket of sockets) socket.pause();
    },
    resume() {
      isHanging = false;
      for (const socket of sockets) socket.resume();
    },
    delay(ms) {
      delayMs = ms;
    },
  };
}
