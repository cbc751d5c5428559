/** What the quickstart of a company's OAuth credentials shows. */
import type { QuickstartProps } from "./quickstart";

/** @param scope names with spaces between; written as in the body of a form */
export function credentialQuickstart(issuer: string, clientId: string, scope: string): QuickstartProps {
  return {
    issuer,
    clientId,
    scope: scope.replaceAll(" ", "%20"),
    redirectUri: "",
    auth: "post",
    pkce: false,
    flows: ["client_credentials"],
    refreshes: [],
  };
}
