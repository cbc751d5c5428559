/** Tokens that act as the signed-in person. */
import { KeyRound } from "lucide-react";
import type { Metadata } from "next";
import { ListHead } from "@/components/list-head";
import { TokenTable } from "@/components/token-table";
import { EmptyState } from "@/components/ui/empty-state";
import { Pagination } from "@/components/ui/pagination";
import { listTokens } from "@/lib/db/tokens";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";
import { listHref, listQuery, type SearchParams } from "../../../list-query";
import { revokeOneToken } from "./actions";

export const metadata: Metadata = { title: "Personal tokens" };

const path = "/settings/api-access/tokens";

export default async function TokensPage({ searchParams }: { searchParams: SearchParams }) {
  const { after } = await listQuery(searchParams);
  const user = await requireUser(listHref(path, { after }));
  const { tokens, next } = await listTokens(runtime().db, user.id, { after });
  return (
    <section aria-labelledby="tokens">
      <ListHead
        id="tokens"
        title="Personal tokens"
        text="Tokens that act as you, among them those apps received when you allowed them."
      />
      {tokens.length > 0 ? (
        <TokenTable tokens={tokens} revoke={revokeOneToken} />
      ) : (
        <EmptyState
          icon={KeyRound}
          title="No token acts as you"
          text="When you allow an app, the token it receives is listed here, and you can end it at any time."
        />
      )}
      <Pagination start={after ? path : null} next={next && listHref(path, { after: next })} />
    </section>
  );
}
