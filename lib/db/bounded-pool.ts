/** A pool whose queue has an end, and which refuses at once while the database is away. */
import pg from "pg";
import type { Availability } from "./availability";
import { DatabaseUnavailable } from "./unavailable";

/** Requests that may wait for a connection; what comes beyond is refused. */
const WAITING = 1000;

type Connected = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: Error | boolean) => void,
) => void;

/** `query`, and Prisma through its adapter, begin with `connect`: so there is one door. */
export class BoundedPool extends pg.Pool {
  constructor(
    config: pg.PoolConfig,
    private readonly availability: Availability,
  ) {
    super(config);
    // A connection that breaks is replaced; without listeners it would end the process, idle or in somebody's hands.
    this.on("error", () => {});
    this.on("connect", (client) => client.on("error", () => {}));
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<pg.PoolClient> | undefined {
    const refusal = this.refusal();
    if (callback) {
      if (refusal) callback(refusal, undefined, () => {});
      else super.connect(callback);
      return undefined;
    }
    return refusal ? Promise.reject(refusal) : super.connect();
  }

  private refusal(): DatabaseUnavailable | null {
    if (this.availability.isAway) return new DatabaseUnavailable("the database does not answer");
    if (this.waitingCount >= WAITING)
      return new DatabaseUnavailable("too many requests wait for the database");
    return null;
  }
}
