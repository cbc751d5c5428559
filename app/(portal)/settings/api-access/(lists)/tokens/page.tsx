/** Tokens that act as the signed-in person, and those that did. */
import { History, KeyRound, Plus, SearchX } from "lucide";
import type { Metadata } from "next";
import Link from "next/link";
import { z } from "zod";
import { EndedTokenTable } from "@/components/ended-token-table";
import { ListHead } from "@/components/list-head";
import { TokenFilters, type TokenShow } from "@/components/token-filters";
import { TokenTable } from "@/components/token-table";
import { buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Icon } from "@/components/ui/icon";
import { Pagination } from "@/components/ui/pagination";
import { listEndedTokens } from "@/lib/db/ended-token-list";
import { appsOfTokens, listTokens } from "@/lib/db/token-list";
import { heldScopes, within } from "@/lib/oauth/scope";
import { runtime } from "@/lib/server/runtime";
import { requireUser, type SignedInUser } from "@/lib/server/session";
import { replacementLifetimes, tokenMaker } from "@/lib/server/token-form";
import { listHref, listQuery, type SearchParams } from "../../../list-query";
import { regenerateOneToken, revokeOneToken } from "./actions";

export const metadata: Metadata = { title: "Personal tokens" };

const path = "/settings/api-access/tokens";

/** An unreadable filter is none. */
const filters = z.object({
  show: z.enum(["expired", "revoked"]).optional().catch(undefined),
  app: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional()
    .catch(undefined),
  scope: z
    .string()
    .regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,64}$/)
    .optional()
    .catch(undefined),
});

type Filters = z.infer<typeof filters>;

export default async function TokensPage({ searchParams }: { searchParams: SearchParams }) {
  const { after } = await listQuery(searchParams);
  const chosen = filters.parse(await searchParams);
  const user = await requireUser(listHref(path, { ...chosen, after }));
  const { show = "active", ...narrow } = chosen;
  const catalogue = Object.keys(runtime().as.scopes);
  const apps = await appsOfTokens(runtime().db, user.id);
  const state = (of: TokenShow, label: string) => ({
    href: listHref(path, { ...narrow, show: of === "active" ? undefined : of }),
    label,
    current: show === of,
  });
  return (
    <section aria-labelledby="tokens">
      <ListHead
        id="tokens"
        title="Personal tokens"
        text="Tokens that act as you: those you made, and those of apps you allowed."
        aside={<CreateTokenLink />}
      />
      <TokenFilters
        action={path}
        states={[state("active", "Active"), state("expired", "Expired"), state("revoked", "Revoked")]}
        chosen={chosen}
        apps={apps}
        scopes={catalogue}
      />
      {show === "active" ? (
        <Active user={user} chosen={chosen} after={after} />
      ) : (
        <Ended user={user} show={show} chosen={chosen} after={after} />
      )}
    </section>
  );
}

interface ListProps {
  user: SignedInUser;
  chosen: Filters;
  after: string | undefined;
}

async function Active({ user, chosen, after }: ListProps) {
  const { as, db } = runtime();
  const { tokens, next } = await listTokens(db, user.id, { ...chosen, after });
  const held = heldScopes(as.scopes, user);
  // A token does what its owner may do now: a scope that was lost since is not shown as one it has.
  const rows = tokens.map((token) => ({ ...token, scopes: within(token.scopes, held) }));
  return (
    <>
      {rows.length > 0 ? (
        <TokenTable
          tokens={rows}
          revoke={revokeOneToken}
          regenerate={regenerateOneToken}
          lifetimes={replacementLifetimes((await tokenMaker(user)).endless)}
        />
      ) : (
        <Nothing chosen={chosen} after={after} />
      )}
      <Pages chosen={chosen} after={after} next={next} />
    </>
  );
}

async function Ended({ user, show, chosen, after }: ListProps & { show: "expired" | "revoked" }) {
  const { tokens, next } = await listEndedTokens(runtime().db, user.id, show, { ...chosen, after });
  return (
    <>
      {tokens.length > 0 ? <EndedTokenTable tokens={tokens} /> : <Nothing chosen={chosen} after={after} />}
      <Pages chosen={chosen} after={after} next={next} />
    </>
  );
}

function Pages({ chosen, after, next }: Omit<ListProps, "user"> & { next: string | null }) {
  return (
    <Pagination
      start={after ? listHref(path, chosen) : null}
      next={next && listHref(path, { ...chosen, after: next })}
    />
  );
}

function Nothing({ chosen: { show, app, scope }, after }: Omit<ListProps, "user">) {
  if (app || scope || after)
    return (
      <EmptyState
        icon={SearchX}
        title={after ? "Nothing more" : "No such token"}
        text="No token fits what you chose above."
      />
    );
  return show ? (
    <EmptyState
      icon={History}
      title={show === "expired" ? "No token has expired" : "No token was revoked"}
      text="Tokens with a name stay here for 90 days after they end, and so does what you revoke."
    />
  ) : (
    <EmptyState
      icon={KeyRound}
      title="No token acts as you"
      text="Make one for a script of your own. The tokens of apps you allow are listed here, too."
    />
  );
}

function CreateTokenLink() {
  return (
    <Link href={`${path}/new`} className={buttonClass({ variant: "primary" })}>
      <Icon of={Plus} /> Create token
    </Link>
  );
}
