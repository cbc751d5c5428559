/** What a resource server needs to accept Latchkey tokens. Imports nothing of the rest. */
export { bearerToken } from "./bearer";
export {
  type ActiveToken,
  type Introspect,
  type IntrospectionOptions,
  introspectionClient,
} from "./introspect";
export { createGuard, type Guard, type Refusal, type Verdict } from "./protect";
