/** Backup files: a gzipped tar (POSIX ustar) of a data folder, written and read as a stream, whatever its size. */
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { Refused } from "./backup-folder";

const BLOCK = 512;
const FILE = "0";
const FOLDER = "5";

/** A file or a folder to be packed, with everything in it, and its name in the archive. */
export interface Entry {
  name: string;
  place: string;
}

/**
 * Packs the entries into a new file that only its owner may read, and waits until the disk has it.
 * @throws when the file exists
 */
export async function pack(entries: readonly Entry[], file: string): Promise<void> {
  const target = createWriteStream(file, { flags: "wx", mode: 0o600, flush: true });
  await pipeline(Readable.from(blocks(entries), { objectMode: false }), createGzip(), target);
}

async function* blocks(entries: readonly Entry[]): AsyncGenerator<Buffer> {
  for (const entry of entries) yield* blocksOf(entry);
  yield Buffer.alloc(2 * BLOCK); // the end of a tar
}

async function* blocksOf({ name, place }: Entry): AsyncGenerator<Buffer> {
  const stats = await stat(place);
  const { size } = stats;
  const seconds = Math.floor(stats.mtimeMs / 1000);
  if (stats.isDirectory()) {
    yield header(`${name}/`, FOLDER, 0, seconds);
    for (const child of (await readdir(place)).sort())
      yield* blocksOf({ name: `${name}/${child}`, place: path.join(place, child) });
  } else if (stats.isFile()) {
    yield header(name, FILE, size, seconds);
    if (size > 0) for await (const chunk of createReadStream(place, { end: size - 1 })) yield chunk;
    yield Buffer.alloc(padding(size));
  }
}

/** POSIX.1-1988, "ustar": octal numbers, and a sum over the header with its own field as spaces. */
function header(name: string, type: string, size: number, seconds: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new Error(`too long a name for an archive: ${name}`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "latin1");
  block.write(name, 0);
  octal(type === FOLDER ? 0o700 : 0o600, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(seconds, 136, 12);
  block.write(type, 156);
  block.write("ustar\x0000", 257, "latin1");
  block.write(`${sumOf(block).toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

function sumOf(block: Buffer): number {
  const counted = Buffer.from(block);
  counted.fill(" ", 148, 156);
  return counted.reduce((sum, byte) => sum + byte, 0);
}

const padding = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

/**
 * Unpacks a file of `pack` into a folder.
 * @throws Refused for what is no such file, is damaged or cut short, or names a place outside the folder
 */
export async function unpack(file: string, folder: string): Promise<void> {
  const source = createReadStream(file);
  const gunzip = createGunzip();
  const piped = pipeline(source, gunzip).catch((error) => gunzip.destroy(error));
  const bytes = new Bytes(gunzip);
  try {
    for (let read = await readHeader(bytes); read; read = await readHeader(bytes))
      await unpackOne(read, bytes, folder);
    await bytes.rest(); // to the checksum of gzip, at the very end
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(
      `${file} is no backup, or it is damaged: ${error instanceof Error ? error.message : error}.`,
    );
  } finally {
    source.destroy();
    await piped;
  }
}

interface Header {
  name: string;
  type: string;
  size: number;
}

/** @returns null at the end */
async function readHeader(bytes: Bytes): Promise<Header | null> {
  const block = await bytes.take(BLOCK);
  if (block.every((byte) => byte === 0)) return null;
  const text = (at: number, length: number) => block.toString("utf8", at, at + length).replace(/\0.*$/s, "");
  const read = { name: text(0, 100), type: text(156, 1), size: Number.parseInt(text(124, 12), 8) };
  if (Number.parseInt(text(148, 8), 8) !== sumOf(block) || !(read.size >= 0))
    throw new Error("a header is wrong");
  return read;
}

async function unpackOne({ name, type, size }: Header, bytes: Bytes, folder: string): Promise<void> {
  const parts = name.replace(/\/$/, "").split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".." || /[\\:]/.test(part)))
    throw new Error("it names a place outside the data folder");
  const place = path.join(folder, ...parts);
  if (type === FOLDER) {
    await mkdir(place, { recursive: true, mode: 0o700 });
    return;
  }
  if (type !== FILE) throw new Error("it has something that is neither a file nor a folder");
  const handle = await open(place, "wx", 0o600);
  try {
    for (let left = size; left > 0; ) {
      const chunk = await bytes.some(left);
      await handle.writeFile(chunk);
      left -= chunk.length;
    }
  } finally {
    await handle.close();
  }
  await bytes.take(padding(size));
}

/** Takes so many bytes at a time from a stream. */
class Bytes {
  private left: Buffer = Buffer.alloc(0);
  private readonly chunks: AsyncIterator<Buffer>;

  constructor(stream: AsyncIterable<Buffer>) {
    this.chunks = stream[Symbol.asyncIterator]();
  }

  /** At least one byte and at most `most`. @throws at the end of the stream */
  async some(most: number): Promise<Buffer> {
    while (this.left.length === 0) {
      const next = await this.chunks.next();
      if (next.done) throw new Error("it ends too early");
      this.left = next.value;
    }
    const taken = this.left.subarray(0, most);
    this.left = this.left.subarray(taken.length);
    return taken;
  }

  /** @throws when the stream ends before */
  async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      const part = await this.some(missing);
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** Reads on to the end. */
  async rest(): Promise<void> {
    for (;;) if ((await this.chunks.next()).done) return;
  }
}
