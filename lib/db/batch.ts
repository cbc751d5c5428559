/** Notes kept in memory and written in batches, off the request's path; a failed write is tried again. */
import { setTimeout as pause } from "node:timers/promises";

/** How long a note may wait for its write. */
const FLUSH_AFTER_MS = 2_000;
/** Notes of one write at most: no request should stand behind thousands of rows. */
const NOTES = 50;
/** The rest after a write, in how often it takes as long as the write did: what waits for the processor goes first. */
const RESTS = 10;
const REST_MS = { least: 10, most: 50 };

export interface BatchOptions<Note> {
  /** What two notes under one key say together. */
  join(earlier: Note, later: Note): Note;
  /** Writes some notes, in the order of their keys, so that two processes never wait for each other's rows. */
  write(notes: readonly Note[]): Promise<void>;
  /** Hears of a failed write; its notes are kept for the next one. */
  onError(error: unknown): void;
  /** A key is written at most once in this time, in milliseconds. */
  everyMs: number;
  /** Keys held at most; what comes beyond is let go, so that memory has an end while the database is away. */
  limit: number;
}

interface Entry<Note> {
  /** What is still to be written. */
  note: Note | null;
  writtenAt: number;
}

export class Batch<Note> {
  private readonly entries = new Map<string, Entry<Note>>();
  private timer: NodeJS.Timeout | null = null;
  private flushing: Promise<void> = Promise.resolve();
  private isClosing = false;

  constructor(private readonly options: BatchOptions<Note>) {}

  /**
   * What waits under a key to be written: to be changed in place by whoever notes something with every request, as a note
   * made anew each time would have to be collected.
   */
  pending(key: string): Note | null {
    return this.entries.get(key)?.note ?? null;
  }

  note(key: string, note: Note): void {
    const entry = this.entries.get(key);
    if (entry) entry.note = entry.note === null ? note : this.options.join(entry.note, note);
    else if (this.entries.size < this.options.limit) this.entries.set(key, { note, writtenAt: 0 });
    this.schedule();
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      void this.flush(false);
    }, FLUSH_AFTER_MS).unref();
  }

  /** Writes what is due, or everything. One flush at a time. */
  flush(everything: boolean): Promise<void> {
    this.flushing = this.flushing.then(async () => {
      await this.write(everything);
      if (!everything && this.isWaiting()) this.schedule();
    });
    return this.flushing;
  }

  private isWaiting(): boolean {
    for (const { note } of this.entries.values()) if (note !== null) return true;
    return false;
  }

  private async write(everything: boolean): Promise<void> {
    const due = this.take(everything);
    let took = 0;
    for (let from = 0; from < due.length; from += NOTES) {
      if (from > 0 && !everything && !this.isClosing) await pause(restAfter(took), undefined, { ref: false });
      const start = performance.now();
      try {
        const together = due.slice(from, from + NOTES).sort(([a], [b]) => (a < b ? -1 : 1));
        await this.options.write(together.map(([, note]) => note));
        took = performance.now() - start;
      } catch (error) {
        this.putBack(due.slice(from));
        this.options.onError(error);
        return;
      }
    }
  }

  private putBack(due: readonly [string, Note][]): void {
    for (const [key, note] of due) {
      const entry = this.entries.get(key);
      if (entry) entry.note = entry.note === null ? note : this.options.join(note, entry.note);
    }
  }

  /** Takes out what is due, and forgets what was written a while ago. */
  private take(everything: boolean): [string, Note][] {
    const time = performance.now();
    const due: [string, Note][] = [];
    for (const [key, entry] of this.entries) {
      const recently = entry.writtenAt > 0 && time - entry.writtenAt < this.options.everyMs;
      if (entry.note !== null && (everything || !recently)) {
        due.push([key, entry.note]);
        entry.note = null;
        entry.writtenAt = time;
      } else if (entry.note === null && !recently) {
        this.entries.delete(key);
      }
    }
    return due;
  }

  /** Stops the timer and writes what is left. */
  async close(): Promise<void> {
    this.isClosing = true;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    await this.flush(true);
  }
}

/** @param took of a write, in milliseconds. @returns milliseconds */
const restAfter = (took: number): number => Math.min(Math.max(took * RESTS, REST_MS.least), REST_MS.most);
