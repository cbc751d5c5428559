/** Letters to people: by the SMTP server of the environment, or as files in DATA_DIR/outbox where none is named. */
import { randomBytes } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { createTransport } from "nodemailer";
import { brand } from "../../latchkey.config";
import type { Env } from "./env";
import type { Log } from "./log";

export interface Letter {
  /** One e-mail address. */
  to: string;
  subject: string;
  /** Plain text; links stand on a line of their own. */
  text: string;
}

/** Takes a letter to whoever delivers it. @throws Error when it is not accepted */
export type Carrier = (letter: Letter) => Promise<void>;

export interface Mail {
  /**
   * Posts a letter and does not wait: how long that takes must not say whether somebody has an account. A failure is
   * logged without the letter, which may carry a link that opens an account.
   */
  post(letter: Letter): void;
  /**
   * The same for a letter that is still to be written: whether somebody is there to get one is found out after the
   * answer has gone.
   * @param write null for no letter
   */
  compose(write: () => Promise<Letter | null>): void;
  /** Waits for the letters that are under way. */
  close(): Promise<void>;
}

export function createMail(carry: Carrier, log: Log): Mail {
  const underWay = new Set<Promise<void>>();
  const keep = (sending: Promise<void>) => {
    const sent = sending
      .catch((error: unknown) => log.error({ err: error }, "a letter could not be sent"))
      .finally(() => underWay.delete(sent));
    underWay.add(sent);
  };
  return {
    post: (letter) => keep(carry(letter)),
    compose: (write) =>
      keep(
        write()
          .then((letter) => letter && carry(letter))
          .then(() => {}),
      ),
    async close() {
      // One that is being written may post another.
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

/** The carrier this environment has. */
export function carrierOf({ smtpUrl, mailFrom, dataDir }: Env): Carrier {
  const from = { name: brand.name, address: mailFrom };
  if (smtpUrl === undefined) return intoOutbox(path.join(dataDir, "outbox"), from);
  const transport = createTransport(smtpUrl);
  return async (letter) => {
    await transport.sendMail({ ...letter, from });
  };
}

type Sender = { name: string; address: string };

/** Each letter becomes a file that mail programs open; it appears whole, for its owner only. */
function intoOutbox(folder: string, from: Sender): Carrier {
  const transport = createTransport({ streamTransport: true, buffer: true });
  return async (letter) => {
    const { message } = await transport.sendMail({ ...letter, from });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const name = `${new Date().toISOString().replaceAll(":", "-")}-${randomBytes(4).toString("hex")}.eml`;
    const unfinished = path.join(folder, `.${name}`);
    await writeFile(unfinished, message, { mode: 0o600 });
    await rename(unfinished, path.join(folder, name));
  };
}
