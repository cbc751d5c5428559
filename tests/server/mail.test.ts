/** Letters: into the outbox, over a real SMTP conversation, and what happens when nobody takes them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readEnv } from "../../lib/server/env";
import { carrierOf, createMail } from "../../lib/server/mail";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), "latchkey-mail-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const letter = {
  to: "mika@example.test",
  subject: "Hello – ünïcode",
  text: "One.\nhttps://id.example.test/x?y=1\n",
};
const envWith = (more: Record<string, string>) => readEnv({ DATA_DIR: dataDir, ...more });

describe("without SMTP_URL", () => {
  test("a letter becomes a file in the outbox that only its owner reads", async () => {
    await carrierOf(envWith({ MAIL_FROM: "hello@example.test" }))(letter);
    const folder = path.join(dataDir, "outbox");
    const [name = "", ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(name).toMatch(/^[\dTZ.-]+-[0-9a-f]{8}\.eml$/);
    expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
    const text = readFileSync(path.join(folder, name), "utf8");
    expect(text).toContain("To: mika@example.test");
    expect(text).toMatch(/^From: .*<hello@example\.test>/m);
    expect(text).toContain("https://id.example.test/x?y=");
  });

  test("a line break in a subject starts no header of its own", async () => {
    await carrierOf(envWith({}))({ ...letter, subject: "Hello\r\nBcc: everybody@example.test" });
    const [name = ""] = readdirSync(path.join(dataDir, "outbox"));
    expect(readFileSync(path.join(dataDir, "outbox", name), "utf8")).not.toMatch(/^Bcc:/m);
  });
});

describe("with SMTP_URL", () => {
  test("a letter is handed to that server", async () => {
    const { url, heard, close } = await startSmtp();
    await carrierOf(envWith({ SMTP_URL: url, MAIL_FROM: "hello@example.test" }))(letter);
    await close();
    expect(heard()).toContain("MAIL FROM:<hello@example.test>");
    expect(heard()).toContain("RCPT TO:<mika@example.test>");
    expect(heard()).toContain("https://id.example.test/x?y");
  });
});

test("a letter that nobody takes is one line in the log, without what is in it", async () => {
  const log: string[] = [];
  const refuse = () => Promise.reject(new Error("connection refused"));
  const mail = createMail(refuse, pino({ base: null }, { write: (line: string) => log.push(line) }));
  mail.post({ ...letter, text: "https://id.example.test/reset?link=secret" });
  await mail.close();
  expect(log).toHaveLength(1);
  expect(log[0]).toContain("a letter could not be sent");
  expect(log[0]).not.toContain("secret");
});

/** A mail server that takes everything (RFC 5321), as far as a client can tell. */
async function startSmtp() {
  let said = "";
  const server = net.createServer((socket) => {
    let isData = false;
    socket.write("220 ready\r\n");
    socket.on("data", (chunk) => {
      const text = chunk.toString();
      said += text;
      if (isData && !said.endsWith("\r\n.\r\n")) return;
      for (const line of isData ? ["."] : text.split("\r\n").filter(Boolean)) {
        isData = line === "DATA";
        socket.write(isData ? "354 go on\r\n" : line.startsWith("QUIT") ? "221 bye\r\n" : "250 fine\r\n");
      }
    });
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    heard: () => said,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
