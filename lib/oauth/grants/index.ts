/** The one table of grants; metadata and the token endpoint read it. */
import { authorizationCode } from "./authorization_code";
import type { Grant } from "./grant";

export const grants: readonly Grant[] = [authorizationCode];
