// A client app as a stranger would write it: its own server, and oauth4webapi for every word of the protocol.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import * as oauth from "oauth4webapi";
import type { App } from "./portal.ts";

/** Plain http is for tests on this machine only. */
const overHttp = { [oauth.allowInsecureRequests]: true };

/** What the client must remember between sending a person away and getting them back. */
export interface Attempt {
  readonly url: URL;
  readonly redirect_uri: string;
  readonly state: string;
  readonly verifier: string | undefined;
}

export interface Wishes {
  scope?: string;
  /** Off for a client written before PKCE. */
  pkce?: boolean;
  state?: string;
}

/** Reads the metadata of the server (RFC 8414). */
export async function discover(issuer: string): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer);
  const answer = await oauth.discoveryRequest(url, { algorithm: "oauth2", ...overHttp });
  return oauth.processDiscoveryResponse(url, answer);
}

/** Makes an authorization request. */
export async function attempt(
  as: oauth.AuthorizationServer,
  { client_id }: App,
  redirect_uri: string,
  { scope, pkce = true, state = oauth.generateRandomState() }: Wishes = {},
): Promise<Attempt> {
  const verifier = pkce ? oauth.generateRandomCodeVerifier() : undefined;
  const url = new URL(as.authorization_endpoint ?? "");
  url.search = new URLSearchParams({
    response_type: "code",
    client_id,
    redirect_uri,
    state,
    ...(scope !== undefined && { scope }),
    ...(verifier !== undefined && {
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    }),
  }).toString();
  return { url, redirect_uri, state, verifier };
}

/**
 * Checks the answer (state, iss) and exchanges the code.
 * @throws oauth.AuthorizationResponseError, oauth.ResponseBodyError and whatever else the library finds wrong
 */
export async function exchange(
  as: oauth.AuthorizationServer,
  { client_id, client_secret }: App,
  { redirect_uri, state, verifier }: Attempt,
  answer: URL,
): Promise<oauth.TokenEndpointResponse> {
  const client: oauth.Client = { client_id };
  const parameters = oauth.validateAuthResponse(as, client, answer, state);
  const auth = client_secret ? oauth.ClientSecretBasic(client_secret) : oauth.None();
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    auth,
    parameters,
    redirect_uri,
    verifier ?? oauth.nopkce,
    overHttp,
  );
  return oauth.processAuthorizationCodeResponse(as, client, response);
}

export interface ClientApp {
  readonly origin: string;
  readonly redirect_uri: string;
  /** Every answer that came to the callback, in order. */
  readonly answers: URL[];
  /** What the exchanges gave, in order. */
  readonly tokens: oauth.TokenEndpointResponse[];
  /** Other pages of this site, by path. */
  readonly pages: Map<string, string>;
  /** Tells it who it is; sends people to `start()` from then on. */
  register(app: App, issuer: string): Promise<void>;
  /** The address at which a person begins. */
  start(wishes?: Wishes): string;
  /** What it keeps for the answer with this state. */
  verifierOf(state: string): string;
  /** The newest access token. */
  token(): string;
  close(): Promise<void>;
}

export interface ClientOptions {
  host?: "localhost" | "127.0.0.1";
  /** Where the callback sends people on to, as apps with several hosts do; a page of its own otherwise. */
  onward?: string;
}

/** Starts a client app on a free port. */
export async function startClient({ host = "localhost", onward }: ClientOptions = {}): Promise<ClientApp> {
  const answers: URL[] = [];
  const tokens: oauth.TokenEndpointResponse[] = [];
  const pages = new Map([["/", page("Welcome", "")]]);
  const attempts = new Map<string, Attempt>();
  let registration: { app: App; as: oauth.AuthorizationServer } | undefined;

  async function start(url: URL): Promise<Reply> {
    if (!registration) return page("Not registered", "");
    const wishes = Object.fromEntries(url.searchParams);
    const { app, as } = registration;
    const made = await attempt(as, app, redirect_uri, { ...wishes, pkce: wishes.pkce !== "false" });
    attempts.set(made.state, made);
    return made.url;
  }

  async function callback(url: URL): Promise<Reply> {
    answers.push(url);
    const made = attempts.get(url.searchParams.get("state") ?? "");
    if (!registration || !made) return page("Not connected", "This answer was not asked for.");
    attempts.delete(made.state);
    try {
      tokens.push(await exchange(registration.as, registration.app, made, url));
    } catch (error) {
      return page("Not connected", error instanceof Error && error.cause ? describe(error) : String(error));
    }
    return onward ? new URL(onward) : page("Connected", "");
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", origin);
    reply(url, request, response).catch((error) => send(response, page("Broken", String(error))));
  });

  async function reply(url: URL, request: IncomingMessage, response: ServerResponse) {
    request.resume();
    if (url.pathname === "/start") return send(response, await start(url));
    if (url.pathname === "/callback") return send(response, await callback(url));
    send(response, pages.get(url.pathname) ?? "");
  }

  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address && typeof address === "object") resolve(address.port);
    });
  });
  const origin = `http://${host}:${port}`;
  const redirect_uri = `${origin}/callback`;

  return {
    origin,
    redirect_uri,
    answers,
    tokens,
    pages,
    register: async (app, issuer) => {
      registration = { app, as: await discover(issuer) };
    },
    start: (wishes = {}) => {
      const query = Object.entries(wishes).map(([name, value]) => [name, String(value)]);
      return `${origin}/start?${new URLSearchParams(query)}`;
    },
    verifierOf: (state) => attempts.get(state)?.verifier ?? "",
    token: () => tokens.at(-1)?.access_token ?? "",
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A page, or where to go. */
type Reply = string | URL;

function send(response: ServerResponse, reply: Reply) {
  if (reply instanceof URL) response.writeHead(303, { location: reply.href }).end();
  else if (reply === "") response.writeHead(204).end();
  else response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(reply);
}

function page(title: string, text: string): string {
  return `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>`;
}

/** `access_denied: …`, as the library read it. */
function describe(error: Error): string {
  return error.cause instanceof URLSearchParams ? error.cause.toString() : JSON.stringify(error.cause);
}
