/** An OpenID provider on a real port, for whom everybody is signed in already; its faults can be switched on. */
import { createHash, randomBytes } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

export interface ProviderPerson {
  sub: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
  /** How they signed in there (RFC 8176), and what class that is. */
  amr?: unknown;
  acr?: unknown;
  /** When they signed in there, in seconds; when they are asked to do so anew, that is just now. */
  auth_time?: number;
}

/** What it does wrong. */
export type ProviderFault =
  | "none"
  /** Every answer is a 503. */
  | "down"
  /** The person says no. */
  | "declines"
  | "wrong nonce"
  | "wrong issuer"
  | "wrong audience"
  | "wrong key"
  /** Asked to have the person sign in anew, it does not, and says so. */
  | "old sign-in"
  /** The same, and says nothing. */
  | "no time"
  /** What it signs carries no address; its userinfo endpoint does. */
  | "address elsewhere";

export interface TestProvider {
  issuer: string;
  client: { client_id: string; client_secret: string };
  /** Who is signed in there. */
  person: ProviderPerson;
  fault: ProviderFault;
  /** How often its metadata was read. */
  discoveries: number;
  /** The last authorization request's parameters. */
  asked: URLSearchParams;
  close(): Promise<void>;
}

interface Issued {
  challenge: string;
  redirect_uri: string;
  nonce: string;
  isAnew: boolean;
}

export async function startProvider(): Promise<TestProvider> {
  const [key, foreign] = [await generateKeyPair("RS256"), await generateKeyPair("RS256")];
  const jwk = { ...(await exportJWK(key.publicKey)), kid: "one", alg: "RS256", use: "sig" };
  const codes = new Map<string, Issued>();
  const server = http.createServer((req, res) => {
    const url = new URL(req.url ?? "/", provider.issuer);
    answer(req, url).then(
      ({ status = 200, headers = {}, body = "" }) => res.writeHead(status, headers).end(body),
      (error: unknown) => res.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const provider: TestProvider = {
    issuer: `http://127.0.0.1:${port}`,
    client: { client_id: "latchkey", client_secret: "a secret of the provider's" },
    person: { sub: "nobody" },
    fault: "none",
    discoveries: 0,
    asked: new URLSearchParams(),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };

  interface Answer {
    status?: number;
    headers?: Record<string, string>;
    body?: string;
  }
  const json = (value: unknown, status = 200): Answer => ({
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value),
  });

  async function answer(req: http.IncomingMessage, url: URL): Promise<Answer> {
    if (provider.fault === "down") return json({ error: "server_error" }, 503);
    switch (url.pathname) {
      case "/.well-known/openid-configuration":
        provider.discoveries += 1;
        return json(metadata());
      case "/jwks":
        return json({ keys: [jwk] });
      case "/authorize":
        return authorize(url.searchParams);
      case "/token":
        return token(req);
      case "/userinfo":
        return json(provider.person);
      default:
        return json({ error: "not_found" }, 404);
    }
  }

  function metadata() {
    const { issuer } = provider;
    return {
      ...{ issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
      ...{ jwks_uri: `${issuer}/jwks`, userinfo_endpoint: `${issuer}/userinfo` },
      ...{ response_types_supported: ["code"], subject_types_supported: ["public"] },
      ...{ id_token_signing_alg_values_supported: ["RS256"], code_challenge_methods_supported: ["S256"] },
    };
  }

  function authorize(asked: URLSearchParams): Answer {
    provider.asked = asked;
    const get = (name: string) => asked.get(name) ?? "";
    const back = new URL(get("redirect_uri"));
    back.searchParams.set("state", get("state"));
    if (provider.fault === "declines") back.searchParams.set("error", "access_denied");
    else if (get("code_challenge_method") !== "S256" || get("client_id") !== provider.client.client_id)
      return json({ error: "invalid_request" }, 400);
    else {
      const code = randomBytes(16).toString("hex");
      codes.set(code, {
        challenge: get("code_challenge"),
        redirect_uri: get("redirect_uri"),
        nonce: get("nonce"),
        isAnew: asked.has("max_age"),
      });
      back.searchParams.set("code", code);
    }
    return { status: 302, headers: { location: back.href } };
  }

  async function token(req: http.IncomingMessage): Promise<Answer> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const { client_id, client_secret } = provider.client;
    const pair = [client_id, client_secret].map((part) =>
      encodeURIComponent(part).replaceAll("%20", "+").replaceAll("'", "%27"),
    );
    const basic = `Basic ${Buffer.from(pair.join(":")).toString("base64")}`;
    if (req.headers.authorization !== basic) return json({ error: "invalid_client" }, 401);
    const code = form.get("code") ?? "";
    const issued = codes.get(code);
    codes.delete(code);
    const proof = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (issued?.challenge !== proof || issued.redirect_uri !== form.get("redirect_uri"))
      return json({ error: "invalid_grant" }, 400);
    const id_token = await sign(issued);
    return json({ access_token: "at-the-provider", token_type: "Bearer", expires_in: 60, id_token });
  }

  async function sign({ nonce, isAnew }: Issued): Promise<string> {
    const { fault, person } = provider;
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      ...(fault === "address elsewhere" ? { sub: person.sub } : person),
      nonce: fault === "wrong nonce" ? "another" : nonce,
      ...(isAnew && fault !== "no time" && { auth_time: fault === "old sign-in" ? now - 3600 : now }),
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", kid: "one" })
      .setIssuer(fault === "wrong issuer" ? "https://evil.example" : provider.issuer)
      .setAudience(fault === "wrong audience" ? "somebody-else" : provider.client.client_id)
      .setIssuedAt(now)
      .setExpirationTime(now + 60)
      .sign((fault === "wrong key" ? foreign : key).privateKey);
  }

  return provider;
}
