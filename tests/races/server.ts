/** A server process without Next, for races between processes: prints nothing, tells its port to whoever forked it. */
import http from "node:http";
import { serveFastLane } from "../../lib/server/http";
import { startRuntime } from "../../lib/server/runtime";

const rt = await startRuntime();
const server = http.createServer((req, res) => void serveFastLane(rt, req, res));
server.listen(0, "127.0.0.1", () => process.send?.(server.address()));
process.on("disconnect", () => process.exit(0));
