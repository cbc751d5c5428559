/** A `pg` socket whose other end is an embedded PGlite: one driver, one pool and one error shape for both databases. */
import { Duplex } from "node:stream";
import type { PGlite } from "@electric-sql/pglite";
import type { EmbeddedEngine } from "./embedded-engine";

/** Frontend message type of Terminate. */
const TERMINATE = 0x58;
/** Parse, Bind, Describe, Execute, Close: the steps of an extended query, which its Sync ends. */
const STEPS: ReadonlySet<number | undefined> = new Set([0x50, 0x42, 0x44, 0x45, 0x43]);

/**
 * One stream is one session. All streams share PGlite's only backend, so a query is handed over whole, with its Sync:
 * `pg` drops a connection as soon as it reads an error, and what was left unsaid would reach the next one.
 */
export class PgliteStream extends Duplex {
  private pending: Buffer = Buffer.alloc(0);
  /** The first message of a connection, the start-up packet, carries no type byte. */
  private started = false;

  private readonly lite: PGlite;

  constructor(private readonly engine: EmbeddedEngine) {
    super();
    this.lite = engine.current;
  }

  /** `pg` calls the methods of a net.Socket; only the event matters here. */
  connect(): this {
    queueMicrotask(() => this.emit("connect"));
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.pending = this.pending.length > 0 ? Buffer.concat([this.pending, chunk]) : chunk;
    this.exchange().then(
      () => done(),
      (error) => {
        // What a statement may fail with comes as a message; what is thrown is the engine's own end.
        this.engine.broke(this.lite, error);
        done(error);
      },
    );
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  /** Hands over what is complete, and passes the answers on. */
  private async exchange(): Promise<void> {
    for (let query = this.nextQuery(); query; query = this.nextQuery()) {
      if (this.started && query[0] === TERMINATE) {
        this.push(null);
        return;
      }
      if (!this.started) await this.startSession();
      // The stream variant: execProtocolRaw of PGlite 0.5 also parses every answer and keeps the result for ever.
      const answer: Buffer[] = [];
      const onRawData = (data: Uint8Array) => answer.push(Buffer.from(data));
      await this.lite.execProtocolRawStream(new Uint8Array(query), { onRawData });
      if (answer.length > 0) this.push(Buffer.concat(answer));
    }
  }

  /** A new connection finds no transaction, prepared statement or lock of the one before. */
  private async startSession(): Promise<void> {
    this.started = true;
    await this.lite.exec("ROLLBACK");
    await this.lite.exec("DISCARD ALL");
  }

  /** Takes the messages up to the next one that is answered at once; null when it has not arrived yet. */
  private nextQuery(): Buffer | null {
    let typed = this.started;
    for (let start = 0; ; typed = true) {
      const header = typed ? 5 : 4;
      if (this.pending.length - start < header) return null;
      const end = start + header - 4 + this.pending.readInt32BE(start + header - 4);
      if (this.pending.length < end) return null;
      if (!typed || !STEPS.has(this.pending[start])) {
        const query = this.pending.subarray(0, end);
        this.pending = this.pending.subarray(end);
        return query;
      }
      start = end;
    }
  }
}
