// The letters a server without an SMTP server writes into DATA_DIR/outbox.

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "@playwright/test";

/** Waits for the newest letter to an address. @param count how many there are by then @returns its text */
export async function letterTo(dataDir: string, address: string, count = 1): Promise<string> {
  let letters: string[] = [];
  await expect
    .poll(async () => {
      letters = await lettersTo(path.join(dataDir, "outbox"), address);
      return letters.length;
    })
    .toBe(count);
  return letters.at(-1) ?? "";
}

/** The one link of ours in a letter. */
export function linkIn(letter: string, issuer: string): string {
  const link = letter.split("\n").find((line) => line.startsWith(`${issuer}/`));
  if (!link) throw new Error(`no link in\n${letter}`);
  return link.trim();
}

/** Oldest first: a file's name begins with its moment. */
async function lettersTo(folder: string, address: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith(".eml")).sort();
  const letters = await Promise.all(files.map((name) => readFile(path.join(folder, name), "utf8")));
  return letters.filter((letter) => new RegExp(`^To: .*${address}`, "m").test(letter)).map(decoded);
}

/** Nodemailer writes long lines as quoted-printable (RFC 2045 §6.7). */
function decoded(letter: string): string {
  if (!/^Content-Transfer-Encoding: quoted-printable/im.test(letter)) return letter;
  const bytes = letter
    .replace(/=\r?\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8").replace(/\r\n/g, "\n");
}
