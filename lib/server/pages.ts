/** Pages, which Next makes: as many at once as there is room for, and an honest status when the database is away. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Availability } from "../db/availability";
import { backSoonPage } from "./back-soon";
import { type Lane, type Lanes, processLanes } from "./lanes";
import { metrics } from "./metrics";

/** What the figures count pages under. */
const PAGES = "pages";
/** Scripts and styles: they need no database, and a page that is here already needs them. */
const ASSETS = "/_next/";

/** What pages depend on: a part of the runtime. */
interface Pages {
  db: { availability: Availability };
}

type PageHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/**
 * Has Next answer a request.
 * @param lanes others than the process's, for tests
 */
export async function servePage(
  { db }: Pages,
  req: IncomingMessage,
  res: ServerResponse,
  handle: PageHandler,
  lanes: Lanes = processLanes,
): Promise<void> {
  if (req.url?.startsWith(ASSETS)) return handle(req, res);
  if (db.availability.isAway) {
    const { status, headers, body } = backSoonPage();
    metrics.answered(PAGES, status);
    res.writeHead(status, headers).end(body);
    return;
  }
  if (lanes.page.isFull) return lanes.page.turnAway(PAGES, res);
  takePlace(lanes.page, req, res);
  sayUnavailable(db.availability, res);
  await handle(req, res);
}

/** A request has its place once it is here: an upload that comes slowly takes nobody's. */
function takePlace(lane: Lane, req: IncomingMessage, res: ServerResponse): void {
  let hasPlace = false;
  const enter = () => {
    hasPlace = true;
    lane.enter();
  };
  if (req.method === "GET" || req.method === "HEAD") enter();
  else req.once("end", enter);
  res.once("close", () => {
    if (hasPlace) lane.leave();
    metrics.answered(PAGES, res.statusCode);
  });
}

/**
 * A page cannot choose its status: whatever it throws becomes a 500. When the reason is the database, it is a 503, and
 * says when to come back.
 */
function sayUnavailable(availability: Availability, res: ServerResponse): void {
  let status = res.statusCode;
  Object.defineProperty(res, "statusCode", {
    get: () => status,
    set: (wanted: number) => {
      const isOutage = wanted === 500 && availability.isStrained;
      if (isOutage && !res.headersSent) res.setHeader("retry-after", "2");
      status = isOutage ? 503 : wanted;
    },
  });
}
