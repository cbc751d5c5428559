/**
 * The engine of the embedded database, which is opened again when it broke: PostgreSQL panics when it cannot write its
 * log (a full disk), and what is left of a WebAssembly process after that answers nothing any more. What was committed is
 * in its files, and opening them recovers it.
 */
import fs from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { type Availability, type AvailabilityListener, MOMENT_MS } from "./availability";
import { makeDatabase } from "./embedded-folder";
import { DatabaseUnavailable } from "./unavailable";

/** How often we look whether it can be opened again, in milliseconds. */
const RETRY_MS = 1000;
/** Recovery needs room for two segments of its log, in bytes. */
const ROOM = 2 * 16 * 1024 * 1024;

export class EmbeddedEngine implements Availability {
  isAway = false;
  private failedAt = Number.NEGATIVE_INFINITY;
  private retrying: NodeJS.Timeout | null = null;
  private isClosed = false;

  private constructor(
    private lite: PGlite,
    private readonly folder: string | null,
    private readonly listener: AvailabilityListener,
  ) {}

  /** @param folder null keeps it in memory */
  static async open(folder: string | null, listener: AvailabilityListener): Promise<EmbeddedEngine> {
    return new EmbeddedEngine(await start(folder), folder, listener);
  }

  /** The engine as it is now; another one after it broke. */
  get current(): PGlite {
    return this.lite;
  }

  get isStrained(): boolean {
    return this.isAway || performance.now() - this.failedAt < MOMENT_MS;
  }

  async check(): Promise<boolean> {
    return this.isAway;
  }

  /** Hears that a statement was refused for want of the disk. */
  noteFailure(): void {
    this.failedAt = performance.now();
  }

  /** Hears that an engine answers no more. */
  broke(lite: PGlite, error: unknown): void {
    if (lite !== this.lite || this.isAway || this.isClosed) return;
    this.isAway = true;
    this.noteFailure();
    this.listener.onAway?.(error);
    letGo(lite);
    this.retryLater(performance.now());
  }

  async close(): Promise<void> {
    this.isClosed = true;
    if (this.retrying) clearTimeout(this.retrying);
    if (!this.isAway) await this.lite.close();
  }

  private retryLater(since: number): void {
    // What was only in memory is gone.
    if (this.folder === null) return;
    this.retrying = setTimeout(() => void this.retry(since), RETRY_MS).unref();
  }

  private async retry(since: number): Promise<void> {
    try {
      if (!this.hasRoom()) return this.retryLater(since);
      const lite = await start(this.folder);
      if (this.isClosed) return await lite.close();
      this.lite = lite;
      this.isAway = false;
      this.listener.onBack?.((performance.now() - since) / 1000);
    } catch {
      this.retryLater(since);
    }
  }

  private hasRoom(): boolean {
    if (this.folder === null) return true;
    const { bavail, bsize } = fs.statfsSync(this.folder);
    return bavail * bsize >= ROOM;
  }
}

async function start(folder: string | null): Promise<PGlite> {
  if (folder !== null) await makeDatabase(folder);
  const lite = await PGlite.create(folder ?? "memory://");
  endWithPanic(lite);
  return lite;
}

/**
 * PGlite 0.5 takes no notice of an abort: it calls the dead engine again and again, and the process with it stands
 * still for ever. So the engine's entry points are taken away the moment it aborts; what PGlite calls next throws.
 */
function endWithPanic({ Module: module }: PGlite): void {
  module.onAbort = () => {
    const ended = () => {
      throw new DatabaseUnavailable("the embedded database broke, as it does when its disk is full");
    };
    module._PostgresMainLoopOnce = ended;
    // Called where PGlite would swallow an error, and in its `finally`.
    module.stackRestore = ended;
    module._PostgresSendReadyForQueryIfNecessary = () => {};
    module._pgl_pq_flush = () => {};
  };
}

/** Closes the files of an engine that broke, and writes nothing: its memory is not to be trusted. */
function letGo(lite: PGlite): void {
  try {
    lite.Module.FS.quit();
  } catch {
    // Some may be closed already; all that is lost is their descriptors.
  }
}
