/**
 * The load generator: a closed loop over keep-alive connections, in a process of its own. On plain sockets, because
 * autocannon takes twice the processor time for each request, which two cores would take from the server.
 */
import { connect } from "node:net";

export interface Load {
  port: number;
  connections: number;
  /** No request is sent after this time; those in flight are waited for. */
  seconds: number;
  /** Whole HTTP/1.1 requests. */
  requests: string[];
  /** Send each request once, and end early when there are none left; else start over. */
  once: boolean;
}

export interface Loaded {
  /** From the first request to the last answer. */
  seconds: number;
  /** In the order of the answers: which request it was, its milliseconds, its whole answer. */
  answers: { request: number; milliseconds: number; text: string }[];
  /** Connections that ended with a request in flight, and why. */
  broken: string[];
}

async function run({ port, connections, seconds, requests, once }: Load): Promise<Loaded> {
  const bytes = requests.map((request) => Buffer.from(request, "latin1"));
  const answers: Loaded["answers"] = [];
  const broken: string[] = [];
  let sent = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  const next = () => (performance.now() < end && !(once && sent === bytes.length) ? sent++ : null);

  const connection = () =>
    new Promise<void>((resolve) => {
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      let request: number | null = null;
      let at = 0;
      let text = "";
      const send = () => {
        request = next();
        if (request === null) return socket.end();
        text = "";
        at = performance.now();
        socket.write(bytes[request % bytes.length] ?? "");
      };
      socket.setEncoding("latin1");
      socket.on("connect", send);
      socket.on("data", (chunk: string) => {
        text += chunk;
        if (request === null || !isComplete(text)) return;
        answers.push({ request: request % bytes.length, milliseconds: performance.now() - at, text });
        send();
      });
      socket.on("error", (error) => broken.push(error.message));
      socket.on("close", () => {
        if (request !== null) broken.push("closed before the answer");
        resolve();
      });
    });

  await Promise.all(Array.from({ length: connections }, connection));
  return { seconds: (performance.now() - start) / 1000, answers, broken };
}

/** The server sends no chunked answers on these paths: what the headers promise is counted. */
function isComplete(text: string): boolean {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const length = /^content-length: *(\d+)\r$/im.exec(text.slice(0, head + 1))?.[1];
  if (length === undefined) throw new Error(`an answer without content-length:\n${text}`);
  return text.length >= head + 4 + Number(length);
}

process.once("message", async (load: Load) => {
  process.send?.({ answer: await run(load) }, () => process.disconnect());
});
