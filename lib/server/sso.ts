/**
 * The OpenID provider people may sign in with: the authorization code flow with PKCE, state and nonce, by openid-client
 * (docs/decisions/0022). Its metadata is read when it is first needed, so that nobody waits for it who does not use it.
 */
import * as openid from "openid-client";
import { z } from "zod";
import type { Claims } from "../db/identities";
import type { SsoEnv } from "./env";
import { visibleName } from "./visible-name";

/** What the browser keeps between leaving and coming back. */
export interface SsoChecks {
  state: string;
  nonce: string;
  verifier: string;
  /** The person had to sign in to the provider anew. */
  fresh: boolean;
}

/** What the provider says about somebody and about how they signed in to it. */
export interface SsoAnswer extends Claims {
  /** They proved themselves by several factors there. */
  multiFactor: boolean;
  /** When they did; null where the provider does not say. */
  signedInAt: Date | null;
}

export interface Sso {
  /** What people call it. */
  name: string;
  issuer: string;
  /** @param fresh asks the provider to have the person sign in anew @throws SsoError */
  begin(fresh: boolean): Promise<{ url: string; checks: SsoChecks }>;
  /** @param query what the provider's answer carries @throws SsoError */
  finish(query: string, checks: SsoChecks): Promise<SsoAnswer>;
}

export type SsoProblem =
  /** It does not answer, or answers with an error of its own. */
  | "away"
  /** The person, or the provider, said no. */
  | "declined"
  /** What it answered cannot be believed. */
  | "invalid";

export class SsoError extends Error {
  /** @param code openid-client's word for the log; nothing that was received */
  constructor(
    readonly problem: SsoProblem,
    readonly code: string,
  ) {
    super(`single sign-on: ${problem} (${code})`);
  }
}

/** How long the provider may take to answer, in seconds. */
const PATIENCE_SECONDS = 6;
/** How long its metadata is believed. */
const METADATA_MS = 60 * 60 * 1000;
/** How old a sign-in at the provider may be that was asked for anew, in seconds. */
const FRESH_SECONDS = 120;

/** @param home our own issuer: the provider sends people back to it */
export function createSso({ issuer, clientId, clientSecret, name }: SsoEnv, home: string): Sso {
  const redirect_uri = `${home}/login/sso/callback`;
  const [inBody, inHeader] = [openid.ClientSecretPost(clientSecret), openid.ClientSecretBasic(clientSecret)];
  // OpenID Connect Core §9: client_secret_basic is the default; the body is for providers that list only that.
  const authenticate: openid.ClientAuth = (as, client, body, headers) => {
    const listed = as.token_endpoint_auth_methods_supported;
    const isBody = listed?.includes("client_secret_post") && !listed.includes("client_secret_basic");
    return (isBody ? inBody : inHeader)(as, client, body, headers);
  };
  const discover = () =>
    openid.discovery(new URL(issuer), clientId, undefined, authenticate, {
      timeout: PATIENCE_SECONDS,
      execute: [
        // The signature counts although the token came over TLS: nobody in between is believed.
        openid.enableNonRepudiationChecks,
        ...(issuer.startsWith("http:") ? [openid.allowInsecureRequests] : []),
      ],
    });
  let known: { configuration: openid.Configuration; readAt: number } | null = null;
  let reading: Promise<openid.Configuration> | null = null;

  /** Those who come at once read once; a failure is not remembered, and old metadata is better than none. */
  const configuration = async (): Promise<openid.Configuration> => {
    if (known && Date.now() - known.readAt < METADATA_MS) return known.configuration;
    reading ??= discover().finally(() => {
      reading = null;
    });
    try {
      known = { configuration: await reading, readAt: Date.now() };
    } catch (error) {
      if (known === null) throw error;
    }
    return known.configuration;
  };

  return {
    name,
    issuer,
    begin: (fresh) =>
      told(async () => {
        const config = await configuration();
        const checks: SsoChecks = {
          ...{ state: openid.randomState(), nonce: openid.randomNonce(), fresh },
          verifier: openid.randomPKCECodeVerifier(),
        };
        const { href } = openid.buildAuthorizationUrl(config, {
          ...{ redirect_uri, scope: "openid email profile", state: checks.state, nonce: checks.nonce },
          code_challenge: await openid.calculatePKCECodeChallenge(checks.verifier),
          code_challenge_method: "S256",
          ...(fresh && { prompt: "login", max_age: String(FRESH_SECONDS) }),
        });
        return { url: href, checks };
      }),
    finish: (query, { state, nonce, verifier, fresh }) =>
      told(async () => {
        const config = await configuration();
        const tokens = await openid.authorizationCodeGrant(config, new URL(`${redirect_uri}?${query}`), {
          ...{
            expectedState: state,
            expectedNonce: nonce,
            pkceCodeVerifier: verifier,
            idTokenExpected: true,
          },
          ...(fresh && { maxAge: FRESH_SECONDS }),
        });
        const claims = tokens.claims();
        if (!claims) throw new SsoError("invalid", "no ID token");
        // OpenID Connect Core §2: "It MUST NOT exceed 255 ASCII characters in length."
        if (!/^[ -~]{1,255}$/.test(claims.sub)) throw new SsoError("invalid", "no subject");
        const has = config.serverMetadata().userinfo_endpoint !== undefined;
        // Providers may keep the address for the userinfo endpoint (OpenID Connect Core §5.4).
        const told =
          claims.email === undefined && has
            ? { ...claims, ...(await openid.fetchUserInfo(config, tokens.access_token, claims.sub)) }
            : claims;
        const who = { issuer: claims.iss, subject: claims.sub, ...personOf(told) };
        return { ...who, multiFactor: isMultiFactor(claims), signedInAt: signedInAt(claims) };
      }),
  };
}

/**
 * "mfa" among the methods (RFC 8176 §2), or a class of authentication that means it: the word itself, and the names that
 * REFEDS and OpenID PAPE gave it. By what is signed alone: the userinfo endpoint says nothing about this sign-in.
 */
const multiFactor = z.union([
  z.object({ amr: z.array(z.unknown()).refine((methods) => methods.includes("mfa")) }),
  z.object({
    acr: z.enum([
      "mfa",
      "https://refeds.org/profile/mfa",
      "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
    ]),
  }),
]);

function isMultiFactor(claims: openid.IDToken): boolean {
  return multiFactor.safeParse(claims).success;
}

function signedInAt({ auth_time }: openid.IDToken): Date | null {
  return auth_time === undefined ? null : new Date(auth_time * 1000);
}

/** A provider may say anything. */
const email = z.email().max(254);

function personOf(
  claims: Readonly<Record<string, unknown>>,
): Pick<Claims, "email" | "emailVerified" | "name"> {
  const address = email.safeParse(claims.email);
  const name = visibleName("", 80).safeParse(claims.name);
  return {
    email: address.success ? address.data.toLowerCase() : null,
    emailVerified: claims.email_verified === true,
    name: name.success ? name.data : null,
  };
}

const awayCodes = [
  "OAUTH_TIMEOUT",
  "OAUTH_ABORT",
  "OAUTH_RESPONSE_IS_NOT_CONFORM",
  "OAUTH_RESPONSE_IS_NOT_JSON",
];

/** Has every failure say which of the three it is. */
async function told<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SsoError) throw error;
    if (error instanceof openid.AuthorizationResponseError) throw new SsoError("declined", error.error);
    if (error instanceof openid.ClientError) {
      const code = error.code ?? "unknown";
      throw new SsoError(awayCodes.includes(code) ? "away" : "invalid", code);
    }
    if (error instanceof openid.ResponseBodyError)
      throw new SsoError(error.status >= 500 ? "away" : "invalid", error.error);
    // What fetch throws for a connection that cannot be made.
    if (error instanceof TypeError) throw new SsoError("away", "no connection");
    throw error;
  }
}
