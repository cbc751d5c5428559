/**
 * A prepared statement on pg's connections whose rows are described once for each connection: pg has them described anew
 * with every execution, which takes both sides longer than reading a row.
 */
import pg from "pg";

export interface PreparedStatement {
  name: string;
  text: string;
  /** As the protocol takes them: text in text, bytes in binary. */
  values: readonly Value[];
}

export type Value = string | Uint8Array | null;

/** How a row is read: its columns in their order, and an object that has them all. */
interface Description {
  names: readonly string[];
  parsers: readonly ((text: string) => unknown)[];
  empty: Record<string, unknown>;
}

/** What pg's types leave out of its connection. */
interface Connection {
  stream: pg.Connection["stream"];
  /** The texts of the statements it has, by name; pg keeps this up for whatever has a `name` and a `text`. */
  parsedStatements: Record<string, string>;
  parse(statement: { name: string; text: string; types: number[] }): void;
  bind(bound: {
    statement: string;
    values: readonly Value[];
    valueMapper: (value: Value) => string | Buffer | null;
  }): void;
  describe(what: { type: "P"; name: string }): void;
  execute(what: { portal: string }): void;
  sync(): void;
}

interface RowDescription {
  fields: readonly { name: string; dataTypeID: number }[];
}

const descriptions = new WeakMap<object, Map<string, Description>>();

type Answered<Row> = (error: Error | null, rows: Row[]) => void;

/** The messages of PostgreSQL's extended query protocol, as pg hands them to whatever has `submit`. */
class PreparedQuery<Row> implements pg.Submittable {
  readonly name: string;
  readonly text: string;
  private readonly values: PreparedStatement["values"];
  /** Of its connection. */
  private known: Map<string, Description> | null = null;
  private description: Description | null = null;
  private readonly rows: Row[] = [];
  private failure: Error | null = null;

  constructor(
    { name, text, values }: PreparedStatement,
    /** Called once; public, because pg puts its timeout around it. */
    public callback: Answered<Row>,
  ) {
    this.name = name;
    this.text = text;
    this.values = values;
  }

  submit(given: object): void {
    const connection = given as Connection;
    this.known = knownOn(given);
    this.description = this.known.get(this.name) ?? null;
    connection.stream.cork();
    try {
      if (connection.parsedStatements[this.name] === undefined)
        connection.parse({ name: this.name, text: this.text, types: [] });
      connection.bind({ statement: this.name, values: this.values, valueMapper: toSent });
      if (!this.description) connection.describe({ type: "P", name: "" });
      connection.execute({ portal: "" });
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
  }

  handleRowDescription({ fields }: RowDescription): void {
    this.description = {
      names: fields.map(({ name }) => name),
      parsers: fields.map(({ dataTypeID }) => pg.types.getTypeParser(dataTypeID, "text")),
      empty: Object.fromEntries(fields.map(({ name }) => [name, null])),
    };
    this.known?.set(this.name, this.description);
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    if (!this.description || this.failure) return;
    try {
      this.rows.push(readRow(this.description, fields) as Row);
    } catch (error) {
      this.failure = error as Error;
    }
  }

  handleCommandComplete(): void {}

  /** Also when the connection is lost. */
  handleError(error: Error): void {
    this.callback(error, []);
  }

  handleReadyForQuery(): void {
    this.callback(this.failure, this.rows);
  }
}

function knownOn(connection: object): Map<string, Description> {
  let known = descriptions.get(connection);
  if (!known) {
    known = new Map();
    descriptions.set(connection, known);
  }
  return known;
}

/** Bytes that are no Buffer would be sent as text. */
function toSent(value: Value): string | Buffer | null {
  if (!(value instanceof Uint8Array) || Buffer.isBuffer(value)) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

function readRow({ names, parsers, empty }: Description, fields: readonly (string | null)[]) {
  const row = { ...empty };
  fields.forEach((field, place) => {
    const name = names[place];
    const parse = parsers[place];
    if (field !== null && name !== undefined && parse) row[name] = parse(field);
  });
  return row;
}

/**
 * Runs a statement on a connection of the pool.
 * @returns its rows
 * @throws what the database says; the connection is not used again then
 */
export function runPrepared<Row>(pool: pg.Pool, statement: PreparedStatement): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    pool.connect((error, client, release) => {
      if (error || !client) {
        reject(error);
        return;
      }
      let isDone = false;
      const done = (failure: Error | null, rows: Row[]) => {
        if (isDone) return; // the end of a connection is told to whatever it was given last
        isDone = true;
        release(failure ?? undefined);
        if (failure) reject(failure);
        else resolve(rows);
      };
      try {
        client.query(new PreparedQuery<Row>(statement, done));
      } catch (failure) {
        done(failure as Error, []); // a value that is no text: nothing was sent
      }
    });
  });
}
