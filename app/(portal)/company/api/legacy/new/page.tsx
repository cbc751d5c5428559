/** Making a legacy token of a company. */
import type { Metadata } from "next";
import { CreateLegacyToken } from "@/components/create-legacy-token";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { expirationOptions, scopeOptions } from "@/lib/server/credential-form";
import { runtime } from "@/lib/server/runtime";
import { listHref, type SearchParams } from "../../../../settings/list-query";
import { apiHref, loadCompanyToCreateIn } from "../../../load-company";
import { createOneLegacyToken } from "./actions";

export const metadata: Metadata = { title: "Create legacy token" };

export default async function NewLegacyTokenPage({ searchParams }: { searchParams: SearchParams }) {
  const { id, name } = await loadCompanyToCreateIn("/company/api/legacy/new", searchParams);
  return (
    <div className="mx-auto max-w-[44rem]">
      <Breadcrumbs trail={[{ href: apiHref(id), label: "API" }]} here="New legacy token" />
      <CreateLegacyToken
        action={createOneLegacyToken}
        company={{ id, name }}
        scopes={scopeOptions()}
        expirations={expirationOptions()}
        issuer={runtime().env.issuer}
        listHref={apiHref(id)}
        insteadHref={listHref("/company/api/new", { company: id })}
      />
    </div>
  );
}
