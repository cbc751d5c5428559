// OAuth client libraries nobody here wrote, each asked for the same thing in its own words.

import { createRequire } from "node:module";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { discover } from "./client.ts";
import type { App } from "./portal.ts";

/** The part of simple-oauth2 that is used here; the package brings no types. */
interface SimpleOauth2 {
  ClientCredentials: new (options: SimpleOptions) => Getter<{ scope?: string }>;
  ResourceOwnerPassword: new (
    options: SimpleOptions,
  ) => Getter<{ username: string; password: string; scope?: string }>;
  AuthorizationCode: new (
    options: SimpleOptions,
  ) => Getter<{ code: string; redirect_uri: string }> & {
    authorizeURL(params: { redirect_uri: string; scope: string; state: string }): string;
  };
}

interface SimpleOptions {
  client: { id: string; secret: string };
  auth: { tokenHost: string; tokenPath: string };
  options?: { authorizationMethod: "header" | "body" };
}

interface Getter<Params> {
  getToken(params: Params): Promise<SimpleToken>;
}

interface SimpleToken {
  readonly token: Record<string, unknown>;
  refresh(): Promise<SimpleToken>;
  revokeAll(): Promise<void>;
}

export const simple: SimpleOauth2 = createRequire(import.meta.url)("simple-oauth2");

/** How simple-oauth2 is told about a server and an app. */
export function simpleOptions(
  issuer: string,
  { client_id, client_secret }: Credentials,
  authorizationMethod: "header" | "body" = "header",
): SimpleOptions {
  return {
    client: { id: client_id, secret: client_secret },
    auth: { tokenHost: issuer, tokenPath: "/oauth/token" },
    options: { authorizationMethod },
  };
}

type Credentials = Pick<App, "client_id" | "client_secret">;
type ClientCredentials = (
  issuer: string,
  app: Credentials,
  scope?: string,
) => Promise<Record<string, unknown>>;

/** Plain http is for tests on this machine only. */
const overHttp = { [oauth.allowInsecureRequests]: true };

/** The client credentials grant by each library, with the client authentication it takes by itself. */
const clientCredentials = {
  async oauth4webapi(issuer, { client_id, client_secret }, scope) {
    const as = await discover(issuer);
    const client: oauth.Client = { client_id };
    const response = await oauth.clientCredentialsGrantRequest(
      as,
      client,
      oauth.ClientSecretBasic(client_secret),
      scope === undefined ? {} : { scope },
      overHttp,
    );
    return { ...(await oauth.processClientCredentialsResponse(as, client, response)) };
  },

  async "openid-client"(issuer, { client_id, client_secret }, scope) {
    const config = await openid.discovery(new URL(issuer), client_id, client_secret, undefined, {
      algorithm: "oauth2",
      execute: [openid.allowInsecureRequests],
    });
    return { ...(await openid.clientCredentialsGrant(config, scope === undefined ? {} : { scope })) };
  },

  async "simple-oauth2"(issuer, app, scope) {
    const client = new simple.ClientCredentials(simpleOptions(issuer, app));
    return (await client.getToken(scope === undefined ? {} : { scope })).token;
  },
} as const satisfies Record<string, ClientCredentials>;

export type Library = keyof typeof clientCredentials;

export const libraries: readonly Library[] = ["oauth4webapi", "openid-client", "simple-oauth2"];

/**
 * Asks for a token with the client credentials grant.
 * @returns the answer as the library understood it
 * @throws what the library makes of a refusal
 */
export function clientCredentialsWith(
  library: Library,
  issuer: string,
  app: Credentials,
  scope?: string,
): Promise<Record<string, unknown>> {
  return clientCredentials[library](issuer, app, scope);
}
