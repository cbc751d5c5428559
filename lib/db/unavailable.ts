/** When the database is away, full or too slow: the one error that says so, and how to recognise what others throw. */

/** The database cannot answer now; the same request may well succeed a moment later. */
export class DatabaseUnavailable extends Error {}

/**
 * SQLSTATE classes and codes (PostgreSQL, appendix A): 08 connection exception, 53 insufficient resources (disk full,
 * out of memory, too many connections), 57P operator intervention (shutdown, crash, still starting), 57014 cancelled by a
 * time limit, 55P03 a lock that was not had in time, 40P01 a deadlock that was broken, 58 a system error (reading or writing a file), 25006 read-only
 * transaction (a standby that is not the primary yet).
 */
const SQLSTATE = /^(08...|53...|57P..|57014|55P03|40P01|58...|25006)$/;

/** PostgreSQL undid this statement so that another could go on, a migration's perhaps: it can simply be said again. */
export function isDeadlock(error: unknown): boolean {
  return typeof error === "object" && error !== null && property(error, "code") === "40P01";
}

/** What the operating system says of a connection, or of the embedded database's folder. */
const SYSTEM: ReadonlySet<string> = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN"],
  ...["EHOSTUNREACH", "EHOSTDOWN", "ENETUNREACH", "EMFILE", "ENFILE"],
  ...["ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EIO"],
]);

/**
 * Prisma: P1001 not reachable, P1002 and P1008 timed out, P1017 connection closed, P2024 no connection from the pool in
 * time, P2028 no transaction in time, P2037 too many connections.
 */
const PRISMA: ReadonlySet<string> = new Set(["P1001", "P1002", "P1008", "P1017", "P2024", "P2028", "P2037"]);

/** How Prisma's adapter names what the driver threw. */
const ADAPTER: ReadonlySet<string> = new Set([
  ...["DatabaseNotReachable", "ConnectionClosed", "SocketTimeout", "TooManyConnections"],
]);

/** The errors of `pg` and `pg-pool` that carry no code. */
const DRIVER = new RegExp(
  [
    "^Connection terminated",
    "^Connection ended",
    "^timeout expired$",
    "^timeout exceeded when trying to connect$",
    "^Query read timeout$",
    "^Client (has encountered a connection error|was closed) and is not queryable$",
    "^Cannot use a pool after calling end on the pool$",
  ].join("|"),
);

/** How many errors within errors are looked at; nothing wraps deeper. */
const DEPTH = 6;

/** Does this error, or one that caused it, say that the database is away, full or too slow? */
export function isUnavailable(error: unknown): boolean {
  return says(error, DEPTH);
}

function says(error: unknown, depth: number): boolean {
  if (typeof error !== "object" || error === null || depth === 0) return false;
  if (error instanceof DatabaseUnavailable) return true;
  if (error instanceof Error && DRIVER.test(error.message)) return true;
  if (isCode(property(error, "code")) || isCode(property(error, "originalCode"))) return true;
  if (isCode(property(error, "errorCode"))) return true;
  const kind = property(error, "kind");
  if (typeof kind === "string" && ADAPTER.has(kind)) return true;
  return within(error).some((inner) => says(inner, depth - 1));
}

function isCode(code: unknown): boolean {
  return typeof code === "string" && (SQLSTATE.test(code) || SYSTEM.has(code) || PRISMA.has(code));
}

/** The errors an error is made of: its cause, those of an AggregateError, and what Prisma keeps of its adapter's. */
function within(error: object): unknown[] {
  const several = property(error, "errors");
  const meta = property(error, "meta");
  const adapter =
    typeof meta === "object" && meta !== null ? property(meta, "driverAdapterError") : undefined;
  return [property(error, "cause"), adapter, ...(Array.isArray(several) ? several : [])];
}

function property(of: object, name: string): unknown {
  return Reflect.get(of, name);
}
