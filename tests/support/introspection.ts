/** What a resource server learns of a token, whichever client it was given to. */
import { describeToken, type Introspection, lookUp, mayComeFrom } from "../../lib/oauth/bearer";
import type { AuthorizationServer } from "../../lib/oauth/server";

/** @param address whose call the token came with */
export async function introspectBearer(
  as: AuthorizationServer,
  presented: string,
  address?: string,
): Promise<Introspection> {
  const token = await lookUp(as, presented);
  return token && mayComeFrom(token, address) ? describeToken(as, token) : { active: false };
}
