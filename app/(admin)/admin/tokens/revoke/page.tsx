/** Ending everything that a filter means: how much that is first, as it was at one moment. */
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import type { SearchParams } from "@/app/(portal)/settings/list-query";
import { counted } from "@/components/app-words";
import { BulkRevoke } from "@/components/bulk-revoke";
import { kindWords } from "@/components/inventory-words";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { Card, CardBody } from "@/components/ui/card";
import { countInventory } from "@/lib/db/inventory";
import { credentialKinds, nameFilter } from "@/lib/db/inventory-filter";
import { isNarrow } from "@/lib/db/inventory-revocation";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin } from "@/lib/server/session";
import { path, toFilter, tokenFilters, tokensHref } from "../filters";
import { revokeCounted } from "./actions";

export const metadata: Metadata = { title: "Revoke tokens" };

export default async function RevokeTokensPage({ searchParams }: { searchParams: SearchParams }) {
  const { kind, user, app, company } = await tokenFilters(searchParams);
  const chosen = { kind, user, app, company };
  await requireAdmin(tokensHref(chosen, `${path}/revoke`));
  const filter = toFilter(chosen);
  if (!isNarrow(filter)) redirect(tokensHref(chosen));
  const { db } = runtime();
  const until = db.now();
  const [counts, named] = await Promise.all([
    countInventory(db, { ...filter, until }),
    nameFilter(db, filter),
  ]);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const whose = [
    ...(app ? [`app ${named.app ?? app}`] : []),
    ...(user ? [`user ${named.user?.name ?? user}`] : []),
    ...(company ? [`company ${named.company ?? company}`] : []),
  ].join(", ");
  return (
    <div className="mx-auto max-w-[44rem]">
      <Breadcrumbs trail={[{ href: tokensHref(chosen), label: "Tokens" }]} here="Revoke" />
      <h1 className="mb-1 font-semibold text-2xl">
        {total === 0 ? "Nothing to revoke" : `Revoke ${counted(total, "credential")} of ${whose}?`}
      </h1>
      <p className="mb-5 text-soft">
        All of them stop working with the next request. What is issued from now on is not among them. This
        cannot be undone.
      </p>
      <Card>
        <CardBody>
          <ul className="grid gap-1.5">
            {credentialKinds.flatMap((one) => {
              const count = counts[one];
              return count ? (
                <li key={one} className="flex justify-between gap-4">
                  <span>
                    {kindWords[one]}
                    {count > 1 && "s"}
                  </span>
                  <span className="tabular-nums">{count.toLocaleString("en-GB")}</span>
                </li>
              ) : (
                []
              );
            })}
          </ul>
          <BulkRevoke
            action={revokeCounted}
            fields={{
              ...(kind && { kind }),
              ...(user && { user }),
              ...(app && { app }),
              ...(company && { company }),
              until: until.toISOString(),
              count: String(total),
            }}
            total={total}
            back={tokensHref(chosen)}
          />
        </CardBody>
      </Card>
    </div>
  );
}
