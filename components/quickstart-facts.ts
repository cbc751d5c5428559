/** What an app's quickstart shows: a sample for each grant its policy has. Implicit is not taught to anyone. */
import type { AppSummary } from "@/lib/db/apps";
import { exampleRedirect } from "./app-words";
import type { QuickstartProps } from "./quickstart";

/** For server components and actions: what reaches the browser are these facts, not the policy. */
export function quickstartFacts(
  { id, type, policy, scopes, redirect }: Pick<AppSummary, "id" | "type" | "policy" | "scopes" | "redirect">,
  issuer: string,
): QuickstartProps {
  const { grants, client_auth, refresh } = policy;
  const basic = client_auth.includes("client_secret_basic") ? "basic" : "post";
  return {
    issuer,
    clientId: id,
    redirectUri: exampleRedirect(redirect),
    scope: scopes[0] ?? "read",
    auth: type === "public" ? "none" : basic,
    pkce: type === "public" || policy.pkce === "required",
    flows: [
      ...(grants.includes("authorization_code") ? (["authorization_code"] as const) : []),
      ...(grants.includes("client_credentials") ? (["client_credentials"] as const) : []),
      ...(policy.password ? (["password"] as const) : []),
    ],
    refreshes: [
      ...(refresh === "none" ? [] : (["authorization_code", "password"] as const)),
      ...(policy.refresh_for_client_credentials ? (["client_credentials"] as const) : []),
    ],
  };
}
