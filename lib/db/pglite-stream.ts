/** A `pg` socket whose other end is an embedded PGlite: one driver, one pool and one error shape for both databases. */
import { Duplex } from "node:stream";
import type { PGlite } from "@electric-sql/pglite";

/** Frontend message type of Terminate. */
const TERMINATE = 0x58;

export class PgliteStream extends Duplex {
  private pending: Buffer = Buffer.alloc(0);
  /** The first message of a connection, the start-up packet, carries no type byte. */
  private started = false;

  constructor(private readonly lite: PGlite) {
    super();
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
    this.exchange().then(() => done(), done);
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  /** Hands every complete message over as one batch and passes the answer on. */
  private async exchange(): Promise<void> {
    const complete = this.completeLength();
    if (complete === 0) return;
    const batch = this.pending.subarray(0, complete);
    this.pending = this.pending.subarray(complete);
    if (batch[0] === TERMINATE && this.started) {
      this.push(null);
      return;
    }
    this.started = true;
    const answer = await this.lite.execProtocolRaw(new Uint8Array(batch));
    if (answer.length > 0) this.push(Buffer.from(answer));
  }

  private completeLength(): number {
    let end = 0;
    let typed = this.started;
    for (;;) {
      const header = typed ? 5 : 4;
      if (this.pending.length - end < header) return end;
      const length = typed ? this.pending.readInt32BE(end + 1) + 1 : this.pending.readInt32BE(end);
      if (this.pending.length - end < length) return end;
      end += length;
      typed = true;
    }
  }
}
