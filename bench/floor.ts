/** The floor: what one prepared INSERT per request costs by node:http and the server's own pool, and nothing else. */
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { type DatabaseOptions, openDatabase } from "../lib/db/database";

process.once("message", async (location: DatabaseOptions["location"]) => {
  const db = await openDatabase({ location, now: () => new Date(), random: randomBytes });
  await db.pool.query("CREATE TABLE floor (hash bytea PRIMARY KEY, form text, at timestamptz(3))");

  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", async () => {
      const hash = randomBytes(32);
      await db.pool.query({
        name: "floor",
        text: "INSERT INTO floor (hash, form, at) VALUES ($1, $2, $3)",
        values: [hash, Buffer.concat(chunks).toString(), db.now()],
      });
      const body = JSON.stringify({ hash: hash.toString("base64url") });
      res.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
      res.end(body);
    });
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    process.send?.({ answer: address && typeof address === "object" ? address.port : null });
  });
  // Any further message asks for the rows.
  process.on("message", async () => {
    const { rows } = await db.pool.query<{ count: number }>("SELECT count(*)::int AS count FROM floor");
    process.send?.({ answer: rows[0]?.count });
  });
  process.once("SIGTERM", () => process.exit(0)); // nobody needs its database afterwards
});
process.once("disconnect", () => process.exit(1));
