// Letters, read where a server without SMTP puts them: as files in its outbox.

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "@playwright/test";
import type { Server } from "./server.ts";

export interface ReceivedLetter {
  readonly subject: string;
  readonly text: string;
}

/** The letters to an address so far, the oldest first. */
export async function lettersTo(
  { dataDir }: Pick<Server, "dataDir">,
  email: string,
): Promise<ReceivedLetter[]> {
  const folder = path.join(dataDir, "outbox");
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^[^.].*\.eml$/.test(name)).sort();
  const files = await Promise.all(names.map((name) => readFile(path.join(folder, name), "utf8")));
  return files.filter((file) => file.includes(`To: ${email}\r\n`)).map(readLetter);
}

/** Waits for a letter whose subject says this. @returns its text and the link in it */
export async function awaitLetter(
  server: Pick<Server, "dataDir">,
  email: string,
  subject: RegExp,
): Promise<ReceivedLetter & { link: string }> {
  const find = async () =>
    (await lettersTo(server, email)).filter((letter) => subject.test(letter.subject)).at(-1);
  await expect.poll(find, { message: `a letter to ${email} about ${subject}` }).toBeDefined();
  const letter = await find();
  const link = /^https?:\/\/\S+$/m.exec(letter?.text ?? "")?.[0] ?? "";
  return { subject: letter?.subject ?? "", text: letter?.text ?? "", link };
}

function readLetter(file: string): ReceivedLetter {
  const [head = "", ...body] = file.split("\r\n\r\n");
  const subject = /^Subject: (.*(?:\r\n\s.*)*)/m.exec(head)?.[1] ?? "";
  const text = body.join("\r\n\r\n");
  const isQuoted = /^Content-Transfer-Encoding: quoted-printable/im.test(head);
  return { subject: decodeWords(subject), text: isQuoted ? decodeQuoted(text) : text };
}

/** RFC 2045 §6.7. */
function decodeQuoted(text: string): string {
  const bytes = text
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8").replaceAll("\r\n", "\n");
}

/** RFC 2047 §4.2, as far as our subjects need it. */
function decodeWords(subject: string): string {
  return subject
    .replace(/\r\n\s+/g, " ")
    .replace(/=\?UTF-8\?Q\?([^?]*)\?=/gi, (_, word: string) => decodeQuoted(word.replaceAll("_", " ")));
}
