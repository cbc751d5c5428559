/**
 * What was answered, outside of the heap: kept as strings, a second's answers would be copied by every collection of the
 * generator, whose pauses would count as the server's.
 */

export interface Answer {
  /** Which of the requests it answers. */
  request: number;
  milliseconds: number;
  status: number;
  body: string;
}

const SLAB_BYTES = 8 * 2 ** 20;
/** Which request, how long it took, how many bytes follow. */
const HEAD_BYTES = 4 + 8 + 4;

export class Tape {
  private readonly slabs: Buffer[] = [];
  private slab = Buffer.alloc(0);
  private end = 0;

  /** @param answer a whole HTTP/1.1 answer, in the first `length` bytes */
  write(request: number, milliseconds: number, answer: Buffer, length: number): void {
    if (this.end + HEAD_BYTES + length > this.slab.length) this.change();
    const { slab, end } = this;
    slab.writeUInt32LE(request, end);
    slab.writeDoubleLE(milliseconds, end + 4);
    slab.writeUInt32LE(length, end + 12);
    answer.copy(slab, end + HEAD_BYTES, 0, length);
    this.end = end + HEAD_BYTES + length;
  }

  /** Everything written, in its order. */
  read(): Answer[] {
    this.change();
    return this.slabs.flatMap(answersOf);
  }

  private change(): void {
    if (this.end > 0) this.slabs.push(this.slab.subarray(0, this.end));
    this.slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    this.end = 0;
  }
}

function answersOf(slab: Buffer): Answer[] {
  const answers: Answer[] = [];
  for (let at = 0; at < slab.length; ) {
    const from = at + HEAD_BYTES;
    const to = from + slab.readUInt32LE(at + 12);
    const text = slab.toString("latin1", from, to);
    answers.push({
      request: slab.readUInt32LE(at),
      milliseconds: slab.readDoubleLE(at + 4),
      status: statusOf(text),
      body: text.slice(text.indexOf("\r\n\r\n") + 4),
    });
    at = to;
  }
  return answers;
}

/** @param answer begins with an HTTP/1.1 status line */
export const statusOf = (answer: string): number => Number(answer.slice(9, 12));
