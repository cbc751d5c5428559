/** What @node-oauth/oauth2-server asks of its user: a statement for each of its calls. */
import type pg from "pg";

interface Client {
  id: string;
  grants: string[];
}

/** What the library hands over to be saved. */
interface NewTokens {
  accessToken: string;
  accessTokenExpiresAt: Date;
  refreshToken?: string;
  refreshTokenExpiresAt?: Date;
  scope?: string[];
}

interface Row {
  client_id: string;
  user_id: string;
  scope: string[];
  expires_at: Date;
}

interface CodeRow extends Row {
  redirect_uri: string;
  challenge: string;
}

export function modelOn(pool: pg.Pool) {
  const one = async <T extends object>(
    name: string,
    text: string,
    values: unknown[],
  ): Promise<T | undefined> => (await pool.query<T>({ name, text, values })).rows[0];

  return {
    getClient: (id: string, secret: string) =>
      one<Client>("client", "SELECT id, grants FROM clients WHERE id = $1 AND secret = $2", [id, secret]),

    getUserFromClient: async ({ id }: Client) => ({ id: `user of ${id}` }),

    async saveToken(tokens: NewTokens, client: Client, user: { id: string }) {
      const { accessToken, accessTokenExpiresAt, refreshToken, refreshTokenExpiresAt, scope } = tokens;
      const values = [accessToken, client.id, user.id, scope, accessTokenExpiresAt];
      if (refreshToken === undefined)
        await pool.query({
          name: "save",
          text: "INSERT INTO access_tokens VALUES ($1, $2, $3, $4, $5)",
          values,
        });
      else
        await pool.query({
          name: "save both",
          text: `WITH access AS (INSERT INTO access_tokens VALUES ($1, $2, $3, $4, $5))
            INSERT INTO refresh_tokens VALUES ($6, $2, $3, $4, $7)`,
          values: [...values, refreshToken, refreshTokenExpiresAt],
        });
      return { ...tokens, client, user };
    },

    async getAccessToken(accessToken: string) {
      const row = await one<Row>("access", "SELECT * FROM access_tokens WHERE token = $1", [accessToken]);
      return row && { accessToken, accessTokenExpiresAt: row.expires_at, ...granted(row) };
    },

    async getRefreshToken(refreshToken: string) {
      const row = await one<Row>("refresh", "SELECT * FROM refresh_tokens WHERE token = $1", [refreshToken]);
      return row && { refreshToken, refreshTokenExpiresAt: row.expires_at, ...granted(row) };
    },

    async revokeToken({ refreshToken }: { refreshToken: string }) {
      const text = "DELETE FROM refresh_tokens WHERE token = $1";
      return (await pool.query({ name: "revoke", text, values: [refreshToken] })).rowCount === 1;
    },

    async getAuthorizationCode(authorizationCode: string) {
      const row = await one<CodeRow>("code", "SELECT * FROM codes WHERE code = $1", [authorizationCode]);
      return (
        row && {
          authorizationCode,
          expiresAt: row.expires_at,
          redirectUri: row.redirect_uri,
          codeChallenge: row.challenge,
          codeChallengeMethod: "S256",
          ...granted(row),
        }
      );
    },

    async revokeAuthorizationCode({ authorizationCode }: { authorizationCode: string }) {
      const text = "DELETE FROM codes WHERE code = $1";
      return (await pool.query({ name: "use code", text, values: [authorizationCode] })).rowCount === 1;
    },
  };
}

const granted = ({ scope, client_id, user_id }: Row) => ({
  scope,
  client: { id: client_id },
  user: { id: user_id },
});
