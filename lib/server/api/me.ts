/** Who a token stands for, and the companies it reaches. */
import type { Company } from "../../db/bearer-tokens";
import { json } from "../../oauth/message";
import type { ActiveToken } from "../../sdk/introspect";
import { publicCall } from "./guard";

export const me = publicCall(undefined, async (_rt, { token, companies }) => {
  const [company, ...others] = companies;
  // The one company, where there is one; /workspaces lists them all.
  const workspace = company && others.length === 0 ? toWorkspace(company) : null;
  return json(200, Object.assign(bearer(token, companies), { workspace, scopes: token.scope.split(" ") }));
});

export const workspaces = publicCall("read", async (_rt, { companies }) =>
  json(200, { workspaces: companies.map(toWorkspace) }),
);

/** The user, or the company for a credential of its own. */
function bearer({ sub: id, username }: ActiveToken, companies: readonly Company[]) {
  if (username === undefined) return { type: "company", id, name: companies[0]?.name };
  // A service account has a name to sign in with, which is no address.
  return { type: "user", id, ...(username.includes("@") ? { email: username } : { username }) };
}

function toWorkspace({ id, name }: Company) {
  return { id, name };
}
