/**
 * oidc-provider with everything in PostgreSQL, clients included. Scopes without `openid`, so that it signs no ID token;
 * accounts cost it no look-up.
 */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import Provider from "oidc-provider";
import { s256 } from "../../lib/oauth/pkce";
import { many, pick } from "../rows";
import { CHAINS, CLIENTS, REDIRECT_URI, SCOPE } from "../workloads";
import { runPeer } from "./peer";
import { adapterFor, collectingAdapter, createTables } from "./pg-adapter";

/** In seconds. */
const DAY = 86_400;
/** Consents, in the library's words. */
const GRANTS = 500;
/** Of every client. */
const METADATA = {
  grant_types: ["authorization_code", "refresh_token", "client_credentials"],
  response_types: ["code"],
  redirect_uris: [REDIRECT_URI],
  token_endpoint_auth_method: "client_secret_basic",
  scope: SCOPE,
};

function configuration(adapter: unknown) {
  const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
  return {
    adapter,
    scopes: ["openid", "offline_access", ...SCOPE.split(" ")],
    features: {
      clientCredentials: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: (_: unknown, client: { clientId: string }, token: { clientId: string }) =>
          client.clientId === token.clientId,
      },
      devInteractions: { enabled: false },
    },
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: 3600,
      ClientCredentials: DAY,
      AuthorizationCode: DAY,
      Grant: 30 * DAY,
      RefreshToken: 30 * DAY,
    },
    jwks: { keys: [{ ...key, use: "sig", alg: "RS256" }] },
    cookies: { keys: [randomBytes(32).toString("hex")] },
  };
}

await runPeer({
  async prepare(pool, amounts) {
    await createTables(pool);
    const { CollectingAdapter, write } = collectingAdapter();
    const provider = new Provider("http://localhost", configuration(CollectingAdapter));
    const clients = many(CLIENTS, (i) => ({
      client_id: `client-${i}`,
      client_secret: randomBytes(32).toString("base64url"),
    }));
    const store = new CollectingAdapter("Client");
    for (const client of clients) await store.upsert(client.client_id, { ...client, ...METADATA });
    // The library's own look at a client, which its artifacts want.
    const found = await Promise.all(clients.map(({ client_id }) => provider.Client.find(client_id)));
    const grants = await Promise.all(
      many(GRANTS, async (i) => {
        const accountId = `account-${i}`;
        const grant = new provider.Grant({ accountId, clientId: pick(clients, i).client_id });
        grant.addOIDCScope(SCOPE);
        return {
          credentials: pick(clients, i),
          client: pick(found, i),
          accountId,
          grantId: await grant.save(),
        };
      }),
    );
    const artifact = (i: number) => {
      const { credentials, ...of } = pick(grants, i);
      return { credentials, properties: { ...of, scope: SCOPE, gty: "authorization_code" } };
    };
    const tokens = await Promise.all(
      many(amounts.tokens, async (i) => ({
        ...pick(clients, i),
        token: await new provider.ClientCredentials({ client: pick(found, i), scope: SCOPE }).save(),
      })),
    );
    const chains = await Promise.all(
      many(CHAINS, async (i) => {
        const { credentials, properties } = artifact(i);
        return { ...credentials, refresh_token: await new provider.RefreshToken(properties).save() };
      }),
    );
    const codes = await Promise.all(
      many(amounts.codes, async (i) => {
        const { credentials, properties } = artifact(i);
        const code_verifier = randomBytes(32).toString("base64url");
        const code = new provider.AuthorizationCode({
          ...properties,
          redirectUri: REDIRECT_URI,
          codeChallenge: s256(code_verifier),
          codeChallengeMethod: "S256",
        });
        return { ...credentials, code: await code.save(), code_verifier, redirect_uri: REDIRECT_URI };
      }),
    );
    await write(pool);
    return { clients, tokens, chains, codes, bearers: [] };
  },

  async listener(pool, issuer) {
    return new Provider(issuer, configuration(adapterFor(pool))).callback();
  },
});
