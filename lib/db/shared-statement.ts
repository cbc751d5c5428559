/**
 * Statements that requests share: those which arrive while one is in flight join the next. Each request still waits for
 * the commit of its own row, and sees whatever was committed before it arrived.
 */
import { binaryArray, type ElementType } from "./binary-array";
import type { Database } from "./database";
import { type PreparedStatement, runPrepared, type Value } from "./prepared-query";
import { DatabaseUnavailable, isDeadlock, isUnavailable } from "./unavailable";

/** In flight at once, so that the database works while answers are read; an embedded one has a single session. */
const IN_FLIGHT = { postgresql: 2, embedded: 1 };
/** Rows of one statement at most. */
const ROWS = 128;
/** Requests that may wait; what comes beyond is refused at once. */
const WAITING = 4096;

/** One value of every row that goes in. */
export interface Column<Input> {
  name: string;
  type: ElementType;
  /** What is sent: text, bytes or null; a timestamp as ISO 8601 text, to the millisecond. */
  of(input: Input): Value;
}

export interface Statement<Input> {
  /** Of the prepared statement. */
  name: string;
  columns: readonly Column<Input>[];
  /**
   * Goes on after `WITH input AS (…)`, whose rows have the columns and `n`; a comma first where more of WITH follows.
   * Every row that comes out names by `n` the one that went in; for one without an answer none comes out.
   */
  text: string;
  /** For reads: what asks the same shares one row. */
  shares?(input: Input): string;
  /** For writes: what writes the same row never goes together, nor side by side, and locks rows in this order. */
  apart?(input: Input): string;
}

/** What comes out: for which input, and what the statement selects beside that. */
export interface Numbered {
  n: number;
}

interface Waiting<Input, Row> {
  input: Input;
  resolve(row: Row | null): void;
  reject(error: unknown): void;
}

export class SharedStatement<Input, Row extends Numbered> {
  private readonly queues = new WeakMap<Database, Queue<Input, Row>>();

  constructor(private readonly statement: Statement<Input>) {}

  /** @returns what came out for this input, or null. @throws DatabaseUnavailable when too many wait */
  run(db: Database, input: Input): Promise<Row | null> {
    let queue = this.queues.get(db);
    if (!queue) {
      queue = new Queue(db, this.statement);
      this.queues.set(db, queue);
    }
    return queue.run(input);
  }
}

class Queue<Input, Row extends Numbered> {
  private waiting: Waiting<Input, Row>[] = [];
  private inFlight = 0;
  private isScheduled = false;
  /** What the statements in flight write. */
  private readonly written = new Set<string>();
  private readonly text: { many: string; one: string };

  constructor(
    private readonly db: Database,
    private readonly statement: Statement<Input>,
  ) {
    const { columns, text } = statement;
    this.text = {
      many: `WITH input AS (${inputRows(columns)}) ${text}`,
      one: `WITH input AS (${inputRow(columns)}) ${text}`,
    };
  }

  run(input: Input): Promise<Row | null> {
    return new Promise((resolve, reject) => {
      if (this.waiting.length >= WAITING) {
        reject(new DatabaseUnavailable("too many requests wait for the database"));
        return;
      }
      this.waiting.push({ input, resolve, reject });
      this.schedule();
    });
  }

  /** Begins once everything that has arrived by now was read: those requests go together. */
  private schedule(): void {
    if (this.isScheduled || this.inFlight >= IN_FLIGHT[this.db.kind]) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      void this.flush();
    });
  }

  private async flush(): Promise<void> {
    const batch = this.take();
    if (batch.length === 0) return;
    this.inFlight += 1;
    if (this.waiting.length > 0) this.schedule();
    try {
      await this.answer(batch);
    } finally {
      this.inFlight -= 1;
      const { apart } = this.statement;
      if (apart) for (const { input } of batch) this.written.delete(apart(input));
      if (this.waiting.length > 0) this.schedule();
    }
  }

  /** Takes the next batch out: those that waited longest. */
  private take(): Waiting<Input, Row>[] {
    const { apart } = this.statement;
    if (!apart) return this.waiting.splice(0, ROWS);
    const batch = new Map<string, Waiting<Input, Row>>();
    this.waiting = this.waiting.filter((one) => {
      const key = apart(one.input);
      if (batch.size >= ROWS || this.written.has(key)) return true;
      this.written.add(key);
      batch.set(key, one);
      return false;
    });
    return [...batch].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  }

  /** Runs the batch; when it fails, one row at a time, so that a bad one harms nobody else. */
  private async answer(batch: readonly Waiting<Input, Row>[], isAgain = false): Promise<void> {
    try {
      await this.query(batch);
    } catch (error) {
      if (!isAgain && isDeadlock(error)) return this.answer(batch, true);
      if (batch.length === 1 || isUnavailable(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      for (const one of batch) await this.answer([one]);
    }
  }

  private async query(batch: readonly Waiting<Input, Row>[]): Promise<void> {
    const { shares } = this.statement;
    const asked = shares ? grouped(batch, ({ input }) => shares(input)) : batch.map((one) => [one]);
    const rows = await runPrepared<Row>(
      this.db.pool,
      this.prepared(asked.flatMap(([first]) => (first ? [first.input] : []))),
    );
    const found: (Row | undefined)[] = [];
    for (const row of rows) found[row.n - 1] = row;
    asked.forEach((group, place) => {
      for (const { resolve } of group) resolve(found[place] ?? null);
    });
  }

  /** One row alone goes in as plain values: a function call for each column would cost it half as much again. */
  private prepared(inputs: readonly Input[]): PreparedStatement {
    const { name, columns } = this.statement;
    const [only, ...others] = inputs;
    return only !== undefined && others.length === 0
      ? { name: `${name}_alone`, text: this.text.one, values: columns.map(({ of }) => of(only)) }
      : { name, text: this.text.many, values: columns.map((column) => arrayOf(column, inputs)) };
  }
}

function arrayOf<Input>({ type, of }: Column<Input>, inputs: readonly Input[]): Buffer {
  return binaryArray(
    type,
    inputs.map((input) => of(input)),
  );
}

function grouped<Item>(items: readonly Item[], key: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}

/** One array a column: the text of the statement is the same for any number of rows. */
function inputRows(columns: readonly Column<never>[]): string {
  const arrays = columns.map(({ type }, place) => `$${place + 1}::${type}[]`).join(", ");
  const names = columns.map(({ name }) => name).join(", ");
  return `SELECT ${names}, n::int AS n FROM unnest(${arrays}) WITH ORDINALITY AS i(${names}, n)`;
}

/** The same for one row. */
function inputRow(columns: readonly Column<never>[]): string {
  const values = columns.map(({ name, type }, place) => `$${place + 1}::${type} AS ${name}`);
  return `SELECT ${values.join(", ")}, 1 AS n`;
}
