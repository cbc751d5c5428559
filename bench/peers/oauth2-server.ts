/**
 * @node-oauth/oauth2-server on node:http, with a model of prepared statements on PostgreSQL: one for each call of the
 * library, one for both tokens of a grant. Tokens and secrets are stored as they are, which is the cheaper choice.
 */
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import OAuth2Server from "@node-oauth/oauth2-server";
import type pg from "pg";
import { s256 } from "../../lib/oauth/pkce";
import { insertRows, many, pick } from "../rows";
import { CHAINS, CLIENTS, type Fixture, REDIRECT_URI, SCOPE } from "../workloads";
import { modelOn } from "./oauth2-model";
import { readBody, runPeer, sendJson } from "./peer";

const TABLES = `
  CREATE TABLE clients (id text PRIMARY KEY, secret text, grants text[]);
  CREATE TABLE access_tokens (token text PRIMARY KEY, client_id text, user_id text, scope text[], expires_at timestamptz);
  CREATE TABLE refresh_tokens (token text PRIMARY KEY, client_id text, user_id text, scope text[], expires_at timestamptz);
  CREATE TABLE codes (code text PRIMARY KEY, client_id text, user_id text, scope text[], redirect_uri text,
    challenge text, expires_at timestamptz)`;

/** As long as the library makes its own. */
const secret = () => randomBytes(32).toString("hex");

async function fill(pool: pg.Pool, { clients, tokens, chains, codes }: Fixture): Promise<void> {
  const owned = "c, 'user of ' || c, string_to_array($S, ' '), now() + interval '1 day'".replace(
    "$S",
    `'${SCOPE}'`,
  );
  await insertRows(
    pool,
    "clients (id, secret, grants)",
    "i, s, '{authorization_code,refresh_token,client_credentials}'",
    {
      i: ["text", clients.map((one) => one.client_id)],
      s: ["text", clients.map((one) => one.client_secret)],
    },
  );
  await insertRows(pool, "access_tokens (token, client_id, user_id, scope, expires_at)", `t, ${owned}`, {
    t: ["text", tokens.map((one) => one.token)],
    c: ["text", tokens.map((one) => one.client_id)],
  });
  await insertRows(pool, "refresh_tokens (token, client_id, user_id, scope, expires_at)", `t, ${owned}`, {
    t: ["text", chains.map((one) => one.refresh_token)],
    c: ["text", chains.map((one) => one.client_id)],
  });
  await insertRows(
    pool,
    "codes (code, client_id, user_id, scope, expires_at, redirect_uri, challenge)",
    `t, ${owned}, '${REDIRECT_URI}', p`,
    {
      t: ["text", codes.map((one) => one.code)],
      c: ["text", codes.map((one) => one.client_id)],
      p: ["text", codes.map((one) => s256(one.code_verifier))],
    },
  );
}

await runPeer({
  async prepare(pool, amounts) {
    await pool.query(TABLES);
    const clients = many(CLIENTS, (i) => ({ client_id: `client-${i}`, client_secret: secret() }));
    const fixture: Fixture = {
      clients,
      tokens: many(amounts.tokens, (i) => ({ ...pick(clients, i), token: secret() })),
      chains: many(CHAINS, (i) => ({ ...pick(clients, i), refresh_token: secret() })),
      codes: many(amounts.codes, (i) => ({
        ...pick(clients, i),
        code: secret(),
        code_verifier: randomBytes(32).toString("base64url"),
        redirect_uri: REDIRECT_URI,
      })),
      bearers: [],
    };
    await fill(pool, fixture);
    return fixture;
  },

  async listener(pool) {
    const model = modelOn(pool);
    const server = new OAuth2Server({ model, accessTokenLifetime: 3600, refreshTokenLifetime: 2_592_000 });

    const token = async (request: IncomingMessage, form: Record<string, string>) => {
      const answer = new OAuth2Server.Response();
      await server.token(requestOf(request, form), answer);
      return answer.body;
    };

    /** RFC 7662, which the library leaves to its user: its own look at the token, after one at the client. */
    const introspect = async (request: IncomingMessage, form: Record<string, string>) => {
      const [id = "", given = ""] = basic(request.headers.authorization);
      const client = await model.getClient(id, given);
      if (!client) throw new Error("unknown client");
      const asked = new OAuth2Server.Request({
        headers: { authorization: `Bearer ${form.token}` },
        method: "GET",
        query: {},
      });
      const found = await server.authenticate(asked, new OAuth2Server.Response());
      if (found.client.id !== client.id) return { active: false };
      const { scope, user, accessTokenExpiresAt } = found;
      const exp = Math.floor(accessTokenExpiresAt.getTime() / 1000);
      return {
        active: true,
        client_id: client.id,
        sub: user.id,
        scope: scope?.join(" "),
        exp,
        token_type: "Bearer",
      };
    };

    const endpoints = new Map([
      ["/token", token],
      ["/introspect", introspect],
    ]);
    return async (request, response) => {
      try {
        const endpoint = endpoints.get(request.url ?? "");
        const form = Object.fromEntries(new URLSearchParams(await readBody(request)));
        if (!endpoint) return sendJson(response, 404, {});
        sendJson(response, 200, await endpoint(request, form));
      } catch (error) {
        sendJson(response, 400, { error: String(error) });
      }
    };
  },
});

function requestOf({ headers, method = "" }: IncomingMessage, body: Record<string, string>) {
  return new OAuth2Server.Request({ headers, method, query: {}, body });
}

/** The client's name and secret by HTTP Basic. */
function basic(authorization: string | undefined): string[] {
  return Buffer.from(authorization?.slice("Basic ".length) ?? "", "base64")
    .toString()
    .split(":");
}
