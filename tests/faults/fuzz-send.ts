/** Sends what the fuzz made, and says what is wrong with what came back. */
import http from "node:http";
import net from "node:net";
import { encodeParams } from "../../lib/oauth/params";
import { root } from "../support/databases";
import type { Splice } from "./fuzz-mutations";
import type { Draft, Pairs } from "./fuzz-world";

/** A request as it is sent. */
export interface Sent {
  method: string;
  target: string;
  headers: Pairs;
  body: Buffer;
}

/** For how long a request may wait for its answer, or a connection for its end, in milliseconds. */
const PATIENCE_MS = 10_000;
/** A connection on which nothing comes for so long is ended by us, in milliseconds. */
const SILENCE_MS = 100;

export function encoded({ method, path, query, headers, body }: Draft, splices: readonly Splice[]): Sent {
  const target = query.length > 0 ? `${path}?${encodeParams(query)}` : path;
  const text = body === null ? "" : "form" in body ? encodeParams(body.form) : body.text;
  return { method, target, headers, body: splices.reduce(spliced, Buffer.from(text)) };
}

export function spliced(bytes: Buffer, { at, remove, insert }: Splice): Buffer {
  const start = Math.floor(at * bytes.length);
  return Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(start + remove)]);
}

/** The bytes of a request on a connection of its own. */
export function rawBytes({ method, target, headers, body }: Sent): Buffer {
  const fixed: Pairs = [
    ["host", "127.0.0.1"],
    ["connection", "close"],
    ["content-length", String(body.length)],
  ];
  const lines = [...fixed, ...headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines}\r\n`), body]);
}

export interface Came {
  statuses: number[];
  text: string;
}

/** Over a kept connection if Node's client takes it, else as bytes. @throws when no answer comes in time */
export async function send(url: URL, agent: http.Agent, sent: Sent): Promise<Came> {
  let request: http.ClientRequest;
  try {
    request = clientRequest(url, agent, sent);
  } catch {
    return sendBytes(url, rawBytes(sent)); // a character that the client does not let out
  }
  return new Promise((resolve, reject) => {
    request.setTimeout(PATIENCE_MS, () => request.destroy(new Error("no answer in time")));
    request.on("error", reject);
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const head = response.rawHeaders.join("\n");
        resolve({
          statuses: [response.statusCode ?? 0],
          text: `${head}\n${Buffer.concat(chunks).toString("latin1")}`,
        });
      });
    });
    request.end(sent.body);
  });
}

function clientRequest(
  url: URL,
  agent: http.Agent,
  { method, target, headers, body }: Sent,
): http.ClientRequest {
  const request = http.request({ host: url.hostname, port: url.port, method, path: target, agent });
  try {
    for (const [name, value] of headers) request.setHeader(name, value);
    if (body.length > 0) request.setHeader("content-length", body.length);
    return request;
  } catch (error) {
    request.on("error", () => {});
    request.destroy();
    throw error;
  }
}

/** Sends bytes as they are and reads until the server closes. @throws when it does not */
export function sendBytes(url: URL, bytes: Uint8Array): Promise<Came> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = net.connect(Number(url.port), url.hostname, () => socket.write(bytes));
    const hang = setTimeout(() => {
      socket.destroy();
      reject(new Error("the connection was neither answered nor closed in time"));
    }, PATIENCE_MS);
    const silence = setTimeout(() => socket.end(), SILENCE_MS);
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      silence.refresh();
    });
    socket.on("error", () => {}); // hung up on: what counts is what came before
    socket.on("close", () => {
      clearTimeout(hang);
      clearTimeout(silence);
      const text = Buffer.concat(chunks).toString("latin1");
      const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));
      resolve({ statuses, text });
    });
  });
}

/** What no answer may have: a stack, a path, a statement, a name of our insides. */
const LEAK =
  /\bat .{1,80}:\d+:\d+|node_modules|file:\/\/|\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\s+\w|prisma|pglite|postgres|\b\w+Error:|\bECONN|at Object\./i;

/** Answers of 500 and more that say what the request asked for, not that something broke (RFC 9110 §15.6). */
const HONEST = [501, 505];

/** @returns what is wrong with an answer, or null */
export function problemOf({ statuses, text }: Came): string | null {
  const broken = statuses.find((status) => status >= 500 && !HONEST.includes(status));
  if (broken !== undefined) return `answered ${broken}: ${text.slice(0, 400)}`;
  const leak = LEAK.exec(text)?.[0] ?? (text.includes(root) ? root : null);
  return leak === null ? null : `leaks ${JSON.stringify(leak)}: ${text.slice(0, 800)}`;
}
