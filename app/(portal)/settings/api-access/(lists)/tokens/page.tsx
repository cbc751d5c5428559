/** Tokens that act as the signed-in person. */
import { KeyRound, Plus } from "lucide";
import type { Metadata } from "next";
import Link from "next/link";
import { ListHead } from "@/components/list-head";
import { TokenTable } from "@/components/token-table";
import { buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Icon } from "@/components/ui/icon";
import { Pagination } from "@/components/ui/pagination";
import { listTokens } from "@/lib/db/tokens";
import { heldScopes, within } from "@/lib/oauth/scope";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";
import { listHref, listQuery, type SearchParams } from "../../../list-query";
import { revokeOneToken } from "./actions";

export const metadata: Metadata = { title: "Personal tokens" };

const path = "/settings/api-access/tokens";

export default async function TokensPage({ searchParams }: { searchParams: SearchParams }) {
  const { after } = await listQuery(searchParams);
  const user = await requireUser(listHref(path, { after }));
  const { as, db } = runtime();
  const { tokens, next } = await listTokens(db, user.id, { after });
  const held = heldScopes(as.scopes, user);
  // A token does what its owner may do now: a scope that was lost since is not shown as one it has.
  const rows = tokens.map((token) => ({ ...token, scopes: within(token.scopes, held) }));
  const none = rows.length === 0;
  return (
    <section aria-labelledby="tokens">
      <ListHead
        id="tokens"
        title="Personal tokens"
        text="Tokens that act as you: those you made, and those of apps you allowed."
        aside={none ? undefined : <CreateTokenLink />}
      />
      {none ? (
        <EmptyState
          icon={KeyRound}
          title={after ? "Nothing more" : "No token acts as you"}
          text="Make one for a script of your own. The tokens of apps you allow are listed here, too."
          action={<CreateTokenLink />}
        />
      ) : (
        <TokenTable tokens={rows} revoke={revokeOneToken} />
      )}
      <Pagination start={after ? path : null} next={next && listHref(path, { after: next })} />
    </section>
  );
}

function CreateTokenLink() {
  return (
    <Link href={`${path}/new`} className={buttonClass({ variant: "primary" })}>
      <Icon of={Plus} /> Create token
    </Link>
  );
}
