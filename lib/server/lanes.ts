/**
 * How many requests this process works on at once, apart for machines and for people: beyond that it says so with a 503
 * instead of letting everybody wait until they give up. It is decided before a body is read, and costs next to nothing.
 */
import type { ServerResponse } from "node:http";
import { limits } from "../../latchkey.config";
import type { EndpointResponse } from "../oauth/message";
import { connectionsFirst } from "./accepting";
import { backSoon, backSoonPage } from "./back-soon";
import { metrics } from "./metrics";
import { refusalAsJson } from "./refusal";

/** For how long those that are turned away wait for their answer, in milliseconds: who asks again at once is slowed. */
const HOLD_MS = 150;
/** How many may wait so; the others are answered at once. */
const HELD = 4096;
/** How many are answered in one turn of the event loop, so that others have theirs in between. */
const AT_ONCE = 20;

export const OVERLOADED = "too many requests at once; try again in a moment";

/** Requests of one kind that are worked on. */
export class Lane {
  private busy = 0;
  private readonly refusal: EndpointResponse;

  /** @param refusal what those that are turned away are told; made once */
  constructor(
    private readonly limit: number,
    refusal: EndpointResponse,
  ) {
    const length = String(Buffer.byteLength(refusal.body));
    const headers = { ...refusal.headers, "x-content-type-options": "nosniff", "content-length": length };
    this.refusal = { ...refusal, headers };
  }

  get isFull(): boolean {
    return this.busy >= this.limit;
  }

  /** More came in than it has room for: bodies that were read meanwhile. */
  get isOverfull(): boolean {
    return this.busy > this.limit;
  }

  enter(): void {
    this.busy += 1;
  }

  leave(): void {
    this.busy -= 1;
  }

  /** @param endpoint what the figures count it under */
  turnAway(endpoint: string, res: ServerResponse): void {
    metrics.shed.inc();
    metrics.answered(endpoint, this.refusal.status);
    const refuse = () => res.writeHead(this.refusal.status, this.refusal.headers).end(this.refusal.body);
    if (held.length < HELD) hold(refuse);
    else refuse();
  }
}

const held: (() => void)[] = [];
let isHolding = false;

function hold(refuse: () => void): void {
  held.push(refuse);
  if (isHolding) return;
  isHolding = true;
  setTimeout(() => void letGo(), HOLD_MS);
}

async function letGo(): Promise<void> {
  await connectionsFirst();
  for (const refuse of held.splice(0, AT_ONCE)) refuse();
  isHolding = held.length > 0;
  if (isHolding) setImmediate(() => void letGo());
}

export interface Lanes {
  /** OAuth endpoints and APIs. */
  machine: Lane;
  /** What a browser is sent through between its pages. */
  person: Lane;
  /** Pages. */
  page: Lane;
  /** What watches over the server is never turned away. */
  watch: Lane;
}

/** What goes another way than the endpoint table's audience. */
const EXCEPTIONS: Readonly<Record<string, keyof Lanes>> = {
  "/healthz": "watch",
  "/readyz": "watch",
  "/metrics": "watch",
  "/logos/:id": "person",
};

export function laneOf(of: Lanes, endpoint: { path: string; audience: "machine" | "person" }): Lane {
  return of[EXCEPTIONS[endpoint.path] ?? endpoint.audience];
}

export function createLanes({ machine, person, page }: typeof limits.inFlight): Lanes {
  const forMachines = refusalAsJson(backSoon(OVERLOADED));
  const forPeople = backSoonPage();
  return {
    machine: new Lane(machine, forMachines),
    person: new Lane(person, forPeople),
    page: new Lane(page, forPeople),
    watch: new Lane(Number.POSITIVE_INFINITY, forMachines),
  };
}

/** Those of this process. */
export const processLanes = createLanes(limits.inFlight);
