/** As much of the peers' interfaces as the bench uses, so that types can be checked before the peers are installed. */

declare module "oidc-provider" {
  import type { RequestListener } from "node:http";

  interface Artifact {
    save(): Promise<string>;
  }
  interface Grant extends Artifact {
    addOIDCScope(scope: string): void;
  }
  type ArtifactClass<T extends Artifact = Artifact> = new (properties: Record<string, unknown>) => T;

  export default class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>);
    callback(): RequestListener;
    Client: { find(client_id: string): Promise<object | undefined> };
    Grant: ArtifactClass<Grant>;
    AuthorizationCode: ArtifactClass;
    ClientCredentials: ArtifactClass;
    RefreshToken: ArtifactClass;
  }
}

declare module "@node-oauth/oauth2-server" {
  interface Exchange {
    headers: Record<string, string | string[] | undefined>;
    method: string;
    query: Record<string, string>;
    body?: Record<string, string>;
  }
  class Request {
    constructor(exchange: Exchange);
  }
  class Response {
    body: Record<string, unknown>;
    headers: Record<string, string>;
    status: number;
  }
  interface Token {
    accessTokenExpiresAt: Date;
    scope?: string[];
    client: { id: string };
    user: { id: string };
  }
  class OAuth2Server {
    constructor(options: { model: Record<string, unknown> } & Record<string, unknown>);
    token(request: Request, response: Response): Promise<Token>;
    authenticate(request: Request, response: Response): Promise<Token>;
  }
  const exported: typeof OAuth2Server & { Request: typeof Request; Response: typeof Response };
  export default exported;
}
