/** The frame of a peer's process: `prepare url tokens codes` fills its database and ends, `serve url port` listens. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import pg from "pg";
import type { Amounts, Fixture } from "../workloads";

export interface Peer {
  /** Makes tables and rows. */
  prepare(pool: pg.Pool, amounts: Amounts): Promise<Fixture>;
  /** @param issuer the server's own address */
  listener(pool: pg.Pool, issuer: string): Promise<RequestListener>;
}

/** Connections to PostgreSQL: as many as our server has. */
const CONNECTIONS = 10;

export async function runPeer({ prepare, listener }: Peer): Promise<void> {
  const [order, url, ...numbers] = process.argv.slice(2);
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  if (order === "prepare") {
    const [tokens = 0, codes = 0] = numbers.map(Number);
    const answer = await prepare(pool, { tokens, codes });
    await pool.query("ANALYZE"); // now, not in the middle of a round
    await pool.end();
    process.send?.({ answer }, () => process.exit(0));
    return;
  }
  process.once("SIGTERM", () => process.exit(0)); // nobody needs its database afterwards
  const port = Number(numbers[0]);
  const server = createServer(await listener(pool, `http://localhost:${port}`));
  server.keepAliveTimeout = 65_000;
  server.listen(port, "127.0.0.1", () => process.send?.({ answer: null }));
}

/** The whole body of a request; by events, which are cheaper than an async iterator. */
export function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => resolve(Buffer.concat(chunks).toString()));
    request.on("error", reject);
  });
}

export function sendJson(response: ServerResponse, status: number, value: object): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    "content-type": "application/json",
    "cache-control": "no-store",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}
