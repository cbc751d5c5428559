/** One attempt at a webhook: a POST to the addresses that were checked, in time, of whose answer little is read. */
import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import { brand } from "../../latchkey.config";
import type { AttemptResult } from "../db/webhook-queue";
import { findTarget, type ResolvedAddress, type TargetRules } from "./webhook-target";

/** For everything, from the name to the answer, in milliseconds. */
const ATTEMPT_MS = 10_000;
/** So much of an answer is kept, in bytes; the rest is not read. */
export const ANSWER_BYTES = 1024;

export interface Post {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Sends it once. Redirects are not followed: where they lead was not checked. Never throws. */
export async function postOnce(
  { url, headers, body }: Post,
  rules: TargetRules,
  signal: AbortSignal,
  withinMs = ATTEMPT_MS,
): Promise<AttemptResult> {
  const began = performance.now();
  const late = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
  const nothing = (problem: string): AttemptResult => ({
    ...{ statusCode: null, answer: null, problem },
    latencyMs: Math.round(performance.now() - began),
  });
  try {
    const target = await Promise.race([findTarget(url, rules), rejectedBy(late)]);
    if ("refused" in target) return nothing(target.refused);
    const { statusCode, answer } = await send(target, { headers, body }, late);
    const latencyMs = Math.round(performance.now() - began);
    return { statusCode, latencyMs, answer, problem: null };
  } catch (error) {
    if (late.aborted) return nothing(`There was no answer within ${withinMs / 1000} seconds.`);
    return nothing(inWords(error));
  }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(new Error("aborted"));
    signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
  });
}

function send(
  { url, addresses }: { url: URL; addresses: readonly ResolvedAddress[] },
  { headers, body }: Omit<Post, "url">,
  signal: AbortSignal,
): Promise<{ statusCode: number; answer: string }> {
  const client = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const request = client.request(url, {
      method: "POST",
      headers: {
        ...headers,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        "user-agent": `${brand.name}-Webhooks/1`,
      },
      // A connection of its own: one that is kept open would be used again after its address was checked anew.
      agent: false,
      lookup: pinned(addresses),
      signal,
    });
    request.on("error", reject);
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const done = () => {
        const answer = readable(Buffer.concat(chunks).subarray(0, ANSWER_BYTES));
        resolve({ statusCode: response.statusCode ?? 0, answer });
        request.destroy();
      };
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length >= ANSWER_BYTES) done();
      });
      response.on("end", done);
      response.on("error", reject);
    });
    request.end(body);
  });
}

/** The connection is made to what was checked; nobody is asked for the name again. */
function pinned(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_hostname, { all }, callback) => {
    const [first] = addresses;
    if (all) callback(null, [...addresses]);
    else if (first) callback(null, first.address, first.family);
    else callback(new Error("no address"), "", 0);
  };
}

/** As text, without what a database or a page could not hold. */
function readable(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("utf8")
    .replace(/[^\P{Cc}\n\t]/gu, "");
}

const words: Record<string, string> = {
  ECONNREFUSED: "The connection was refused.",
  ECONNRESET: "The connection was closed before there was an answer.",
  EPIPE: "The connection was closed before there was an answer.",
  ETIMEDOUT: "No connection could be made in time.",
  EHOSTUNREACH: "The server cannot be reached.",
  ENETUNREACH: "The server cannot be reached.",
};

/** What went wrong, for the app's developer. */
function inWords(error: unknown): string {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code))
    return `Its certificate was not accepted (${code}).`;
  if (code.startsWith("HPE_")) return "The answer was not HTTP.";
  return words[code] ?? "The connection failed.";
}
