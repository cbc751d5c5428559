/** People's passwords: bcrypt at cost 12, in a thread of its own so that no other request waits for it. */
import path from "node:path";
import { Worker } from "node:worker_threads";
import { OAuthError } from "../oauth/errors";

const COST = 12;
/** bcrypt reads 72 bytes; what is longer is refused, not cut (OWASP Password Storage Cheat Sheet). */
const MAX_BYTES = 72;
/** How many passwords may wait for their turn: at three a second, the last of them waits for twenty seconds. */
const MAX_WAITING = 64;
/** A hash of nothing anybody knows, to spend the same time on an unknown user. */
const NOBODY = "$2b$12$8Uu4cQ1Kf2Ir9WnXn0kVJ.Rkzv1q2G5y1C9vD3dHnQm0oX6pUe5zS";

const WORKER = `
  const { parentPort, workerData } = require("node:worker_threads");
  const bcrypt = require("node:module").createRequire(workerData.root)("bcryptjs");
  parentPort.on("message", ({ id, password, hash, cost }) => {
    try {
      const result = hash === undefined ? bcrypt.hashSync(password, cost) : bcrypt.compareSync(password, hash);
      parentPort.postMessage({ id, result });
    } catch (error) {
      parentPort.postMessage({ id, error: String(error) });
    }
  });
`;

/** Both throw OAuthError temporarily_unavailable when too many wait already. */
export interface Passwords {
  /** @throws RangeError for a password over 72 bytes */
  hash(password: string): Promise<string>;
  /** Takes the same time whether there is a hash, whether it matches, and whether the password is too long. */
  verify(password: string, hash: string | null): Promise<boolean>;
  close(): Promise<void>;
}

interface Job {
  resolve(result: string | boolean): void;
  reject(error: Error): void;
}

/** @param root the project folder, where bcryptjs is installed */
export function createPasswords(root: string): Passwords {
  let worker: Worker | null = null;
  let last = 0;
  const jobs = new Map<number, Job>();

  const start = (): Worker => {
    const started = new Worker(WORKER, { eval: true, workerData: { root: path.join(root, "package.json") } });
    started.unref();
    started.on(
      "message",
      ({ id, result, error }: { id: number; result?: string | boolean; error?: string }) => {
        const job = jobs.get(id);
        jobs.delete(id);
        if (result === undefined) job?.reject(new Error(error));
        else job?.resolve(result);
      },
    );
    started.on("error", (error) => {
      worker = null;
      for (const job of jobs.values()) job.reject(error);
      jobs.clear();
    });
    return started;
  };

  const run = async (job: { password: string; hash?: string; cost?: number }) => {
    // Whoever floods the sign-in gets no memory of ours, and nobody waits for an answer that comes too late.
    if (jobs.size >= MAX_WAITING)
      throw new OAuthError(
        "temporarily_unavailable",
        "too many people are signing in; try again in a moment",
        {
          headers: { "retry-after": "5" },
        },
      );
    return new Promise<string | boolean>((resolve, reject) => {
      worker ??= start();
      last += 1;
      jobs.set(last, { resolve, reject });
      worker.postMessage({ id: last, ...job });
    });
  };

  return {
    async hash(password) {
      if (tooLong(password)) throw new RangeError(`a password has at most ${MAX_BYTES} bytes`);
      return String(await run({ password, cost: COST }));
    },
    async verify(password, hash) {
      // An empty hash is somebody's who has no password: they sign in through a provider.
      const refused = !hash || tooLong(password);
      const matches = await run({ password: refused ? "" : password, hash: refused ? NOBODY : hash });
      return matches === true && !refused;
    },
    async close() {
      await worker?.terminate();
    },
  };
}

/** More than bcrypt reads. */
export function tooLong(password: string): boolean {
  return Buffer.byteLength(password) > MAX_BYTES;
}
