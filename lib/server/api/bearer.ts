/**
 * The token check of the APIs in this process. The token store is here, so it asks the store directly; elsewhere
 * introspect would be introspectionClient().
 */
import { apis, brand } from "../../../latchkey.config";
import type { Company } from "../../db/bearer-tokens";
import { findBearer } from "../../db/bearer-tokens";
import type { Database } from "../../db/database";
import type { UsageLog } from "../../db/usage";
import { bearerHash, describeToken, mayComeFrom, stands } from "../../oauth/bearer";
import type { Caller } from "../../oauth/message";
import type { AuthorizationServer } from "../../oauth/server";
import type { TokenFacts } from "../../oauth/types";
import type { ActiveToken, Introspect } from "../../sdk/introspect";
import { createGuard, type Guard } from "../../sdk/protect";

export type Api = keyof typeof apis;

/** What the look-up in this process knows beyond introspection: a token's hash, and the companies it reaches. */
export type CheckedToken = ActiveToken & { hash: string; companies: readonly Company[] };

/** Who presents a token, and, once it was checked, a token that is there and stands for nobody. */
export interface Presenting {
  caller: Caller;
  dead: TokenFacts | null;
}

export type ApiGuards = Readonly<Record<Api, Guard<CheckedToken, [presenting: Presenting]>>>;

interface World {
  as: AuthorizationServer;
  db: Database;
  /** Hears of every use of a token. */
  usage: Pick<UsageLog, "token">;
}

/** A guard for each API. */
export function createApiGuards({ as, db, usage }: World): ApiGuards {
  const introspect: Introspect<CheckedToken, [Presenting]> = async (presented, address, presenting) => {
    const hash = bearerHash(as, presented);
    const bearer = hash === null ? null : await findBearer(db, hash);
    if (!bearer) return { active: false };
    usage.token(bearer.hash, presenting.caller);
    if (!stands(as, bearer)) {
      presenting.dead = bearer;
      return { active: false };
    }
    if (!mayComeFrom(bearer, address)) return { active: false, refused: "address" };
    const described = describeToken(as, bearer);
    if (!described.active) return described;
    return Object.assign(described, { hash: bearer.hash, companies: bearer.companies });
  };
  const guardOf = (api: Api) =>
    createGuard({ introspect, realm: brand.name, audience: as.issuer + apis[api].path });
  return { public: guardOf("public"), administration: guardOf("administration") };
}
