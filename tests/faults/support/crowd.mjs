/** A worker thread that is a crowd: each of its connections asks, and asks again as soon as it was answered. */
import net from "node:net";
import { parentPort, workerData } from "node:worker_threads";

const { port, count, request } = workerData;
const asked = Buffer.from(request, "latin1");
const statuses = {};
let answered = 0;
let slowestMs = 0;
let connected = 0;
let isOver = false;

/** What did not end with an answer of HTTP. */
const failures = {};
const note = (counts, what) => {
  counts[what] = (counts[what] ?? 0) + 1;
};

function join() {
  const socket = net.connect(port, "127.0.0.1");
  let text = "";
  let since = 0;
  const ask = () => {
    since = performance.now();
    socket.write(asked);
  };
  socket.on("connect", () => {
    connected += 1;
    if (connected === count) parentPort.postMessage({ connected });
    ask();
  });
  socket.on("data", (data) => {
    text += data.toString("latin1");
    const head = text.indexOf("\r\n\r\n");
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (head < 0 || text.length < head + 4 + length) return;
    const status = text.slice(9, 12);
    note(statuses, status === "503" && !/^retry-after: \d/im.test(text) ? "503 without Retry-After" : status);
    answered += 1;
    slowestMs = Math.max(slowestMs, performance.now() - since);
    text = "";
    if (isOver) socket.end();
    else ask();
  });
  socket.on("error", ({ code }) => note(failures, code));
}

for (let number = 0; number < count; number++) join();

parentPort.on("message", () => {
  isOver = true;
  setTimeout(() => {
    parentPort.postMessage({ connected, answered, statuses, failures, slowestMs });
    process.exit();
  }, 500);
});
