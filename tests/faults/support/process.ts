/** Server processes of their own: started, asked and killed. */
import { type ChildProcess, fork } from "node:child_process";
import { z } from "zod";
import { root } from "../../support/databases";
import type { AppFacts, TestApp } from "../../support/facts";
import { bundled } from "./bundled";

/** What a parent may ask of its server beside HTTP. */
export type Order =
  | { do: "app"; app: Partial<AppFacts> }
  | { do: "user" }
  | { do: "codes"; count: number; app: TestApp; userId: string }
  | { do: "query"; sql: string };

const reply = z.object({ id: z.number(), answer: z.unknown().optional(), error: z.string().optional() });
const address = z.object({ port: z.number() });
const testApp = z.object({ client_id: z.string(), secret: z.string() });
const records = z.array(z.record(z.string(), z.unknown()));

/** A running server process. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  addApp(app?: Partial<AppFacts>): Promise<TestApp>;
  addUser(): Promise<string>;
  /** Codes that a user allowed, ready to be redeemed. */
  codes(count: number, app: TestApp, userId: string): Promise<string[]>;
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** SIGKILL: nothing in it runs any more. Resolves when the process is gone. */
  kill(): Promise<void>;
}

export interface Program {
  /** @param env beside PATH; resolves when it answers */
  start(env: Record<string, string>): Promise<ServerProcess>;
  /** Starts it and does not wait. */
  spawn(env: Record<string, string>): ChildProcess;
  remove(): void;
}

/** The server of `server.ts`, ready to be started as often as needed. */
export async function buildProgram(): Promise<Program> {
  const { path: file, remove } = await bundled("tests/faults/support/server.ts");
  const spawn = (env: Record<string, string>) =>
    fork(file, [], {
      cwd: root,
      env: { PATH: process.env.PATH ?? "", NODE_ENV: "test", LOG_LEVEL: "silent", ...env },
      execArgv: [],
    });
  return {
    spawn,
    start: async (env) => connect(spawn(env)),
    remove,
  };
}

async function connect(child: ChildProcess): Promise<ServerProcess> {
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  const wait = (id: number) =>
    new Promise<unknown>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
    });
  child.on("message", (message) => {
    const { id, answer, error } = reply.parse(message);
    const asker = waiting.get(id);
    if (error === undefined) asker?.resolve(answer);
    else asker?.reject(new Error(error));
    waiting.delete(id);
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", (code) => {
      for (const asker of waiting.values()) asker.reject(new Error(`the server process ended with ${code}`));
      resolve();
    });
  });
  let orders = 0;
  const ask = (order: Order) => {
    const id = ++orders;
    child.send({ id, order });
    return wait(id);
  };
  const { port } = address.parse(await wait(0));
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    addApp: async (app = {}) => testApp.parse(await ask({ do: "app", app })),
    addUser: async () => z.string().parse(await ask({ do: "user" })),
    codes: async (count, app, userId) =>
      z.array(z.string()).parse(await ask({ do: "codes", count, app, userId })),
    query: async (sql) => records.parse(await ask({ do: "query", sql })),
    kill: () => {
      child.kill("SIGKILL");
      return ended;
    },
  };
}
