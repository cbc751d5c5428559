/** Every credential of the installation in one table. */
import { History, KeyRound, SearchX } from "lucide";
import type { Metadata } from "next";
import Link from "next/link";
import { listQuery, type SearchParams } from "@/app/(portal)/settings/list-query";
import { InventoryFilters } from "@/components/inventory-filters";
import { InventoryTable } from "@/components/inventory-table";
import { TokenLookup } from "@/components/token-lookup";
import { buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Note } from "@/components/ui/note";
import { PageHead } from "@/components/ui/page-head";
import { Pagination } from "@/components/ui/pagination";
import type { Database } from "@/lib/db/database";
import { listInventory } from "@/lib/db/inventory";
import { nameFilter, userByEmail } from "@/lib/db/inventory-filter";
import { isNarrow } from "@/lib/db/inventory-revocation";
import { needsNarrowing } from "@/lib/server/credential-search";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin } from "@/lib/server/session";
import { path, type TokenFilters, toFilter, tokenFilters, tokensHref } from "../filters";
import { lookUpCredential, revokeOneCredential } from "./actions";

export const metadata: Metadata = { title: "Tokens" };

export default async function AdminTokensPage({ searchParams }: { searchParams: SearchParams }) {
  const { after } = await listQuery(searchParams);
  const asked = await tokenFilters(searchParams);
  await requireAdmin(tokensHref({ ...asked, after }));
  const { db } = runtime();
  const chosen = await byId(db, asked);
  const filter = toFilter(chosen);
  const named = await nameFilter(db, filter);
  const tooWide = chosen.ends !== undefined && needsNarrowing(chosen.kind) && !isNarrow(filter);
  const { credentials, next } = tooWide
    ? { credentials: [], next: null }
    : await listInventory(db, { ...filter, state: chosen.show ?? "active", after });
  return (
    <>
      <PageHead
        title="Tokens"
        text="Every token and secret of this installation: whose it is, what it may do, and when it ends."
        aside={
          isNarrow(filter) && !chosen.show && !chosen.ends ? (
            <Link href={tokensHref(chosen, `${path}/revoke`)} className={buttonClass()}>
              Revoke all of these
            </Link>
          ) : undefined
        }
      />
      <TokenLookup action={lookUpCredential} />
      <InventoryFilters chosen={chosen} named={named} />
      {tooWide && (
        <Note role="status">
          Access and refresh tokens are found by their last four characters within one app, user or company.
          Choose one, or paste the whole token.
        </Note>
      )}
      {credentials.length > 0 && (
        <InventoryTable credentials={credentials} chosen={chosen} revoke={revokeOneCredential} />
      )}
      {credentials.length === 0 && !tooWide && <Nothing chosen={chosen} after={after} />}
      <Pagination
        start={after ? tokensHref(chosen) : null}
        next={next && tokensHref({ ...chosen, after: next })}
      />
    </>
  );
}

/** A typed address is the id that the list is filtered by, and links say no address; one that nobody has finds nothing. */
async function byId(db: Database, asked: TokenFilters): Promise<TokenFilters> {
  if (!asked.user?.includes("@")) return asked;
  return { ...asked, user: (await userByEmail(db, asked.user)) ?? "nobody" };
}

function Nothing({ chosen, after }: { chosen: TokenFilters; after?: string }) {
  const { show, ...narrow } = chosen;
  if (after || Object.values(narrow).some((value) => value !== undefined))
    return (
      <EmptyState
        heading="h2"
        icon={SearchX}
        title={after ? "Nothing more" : "Nothing fits"}
        text="No credential fits what you chose above."
      />
    );
  return show ? (
    <EmptyState
      heading="h2"
      icon={History}
      title="Nothing has ended yet"
      text="What somebody ends, and named tokens that expire, stay here for 90 days."
    />
  ) : (
    <EmptyState
      heading="h2"
      icon={KeyRound}
      title="No credential yet"
      text="Tokens appear here when people and apps get them."
    />
  );
}
