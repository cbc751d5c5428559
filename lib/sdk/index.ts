/** What resource servers and their callers need to use Latchkey tokens. Imports nothing of the rest. */
export { bearerToken } from "./bearer";
export {
  type ClientCredentialsOptions,
  clientCredentials,
  TokenRefused,
  type TokenSource,
} from "./client-credentials";
export {
  type ActiveToken,
  type Introspect,
  type IntrospectionOptions,
  introspectionClient,
} from "./introspect";
export { createGuard, type Guard, type GuardOptions, type Refusal, type Verdict } from "./protect";
