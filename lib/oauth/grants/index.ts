/** The one table of grants; metadata and the token endpoint read it. */
import { authorizationCode } from "./authorization_code";
import { clientCredentials } from "./client_credentials";
import type { Grant } from "./grant";
import { password } from "./password";
import { refreshToken } from "./refresh_token";

export const grants: readonly Grant[] = [authorizationCode, refreshToken, clientCredentials, password];
