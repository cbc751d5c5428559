/** Making a legacy token of a company. */
import type { Metadata } from "next";
import { CreateLegacyToken } from "@/components/create-legacy-token";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { expirationOptions, scopeOptions } from "@/lib/server/credential-form";
import { runtime } from "@/lib/server/runtime";
import { loadCompanyToCreateIn } from "../../../load-company";
import { createOneLegacyToken } from "./actions";

export const metadata: Metadata = { title: "Create legacy token" };

export default async function NewLegacyTokenPage() {
  const { id, name } = await loadCompanyToCreateIn("/company/api/legacy/new");
  return (
    <div className="mx-auto max-w-[44rem]">
      <Breadcrumbs trail={[{ href: "/company/api", label: "API" }]} here="New legacy token" />
      <CreateLegacyToken
        action={createOneLegacyToken}
        company={{ id, name }}
        scopes={scopeOptions()}
        expirations={expirationOptions()}
        issuer={runtime().env.issuer}
        listHref="/company/api"
        insteadHref="/company/api/new"
      />
    </div>
  );
}
