/** The floor: what one prepared INSERT per request costs by node:http and a pool, and nothing else. */
import { randomBytes } from "node:crypto";
import { many } from "../rows";
import { CLIENTS } from "../workloads";
import { readBody, runPeer, sendJson } from "./peer";

await runPeer({
  async prepare(pool) {
    await pool.query("CREATE TABLE floor (hash bytea PRIMARY KEY, form text, at timestamptz(3))");
    const clients = many(CLIENTS, (i) => ({
      client_id: `client-${i}`,
      client_secret: randomBytes(32).toString("hex"),
    }));
    return { clients, tokens: [], chains: [], codes: [], bearers: [] };
  },

  async listener(pool) {
    return async (request, response) => {
      const hash = randomBytes(32);
      await pool.query({
        name: "floor",
        text: "INSERT INTO floor (hash, form, at) VALUES ($1, $2, $3)",
        values: [hash, await readBody(request), new Date()],
      });
      sendJson(response, 200, { access_token: hash.toString("base64url"), token_type: "Bearer" });
    };
  },
});
