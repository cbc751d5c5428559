/** How long a connection may take, so that a slow client costs nobody else anything. In milliseconds. */
import type { Server, ServerOptions } from "node:http";
import { followConnections } from "./accepting";

/** For `createServer`. What comes too late is answered 408, and its connection ends (RFC 9110 §15.5.9). */
export const timeouts = {
  /** From the first byte of a request, or from the connection, to the end of its header. */
  headersTimeout: 10_000,
  /** To the end of its body: a logo of 512 kB over a line of 200 kbit/s. */
  requestTimeout: 25_000,
  /** How often that is looked at. */
  connectionsCheckingInterval: 1_000,
  /** Of all header fields together, in bytes. */
  maxHeaderSize: 16 * 1024,
} satisfies ServerOptions;

/** Of a connection on which nothing moves in either direction: a client that does not read its answer. */
const STANDSTILL_MS = 120_000;

/** Makes the rest of a server proof against clients that are slow, or many. */
export function hardenServer(server: Server): void {
  server.setTimeout(STANDSTILL_MS);
  followConnections(server);
}
