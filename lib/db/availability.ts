/** Is the database there? What every part of the server may ask, and what hears of a change. */

export interface Availability {
  /** It did not answer when it was last asked, and is asked again all the while: every statement is refused at once. */
  readonly isAway: boolean;
  /** It is away, or somebody was refused for want of it a moment ago. */
  readonly isStrained: boolean;
  /** Asks it. @returns whether it is away */
  check(): Promise<boolean>;
}

/** Who hears of the database's going and coming: once each, whatever the number of requests in between. */
export interface AvailabilityListener {
  /** @param error why nobody is answered from now on */
  onAway?(error: unknown): void;
  /** @param seconds for how long it was away */
  onBack?(seconds: number): void;
}

/** How long a refusal counts as a moment ago, in milliseconds. */
export const MOMENT_MS = 1000;
