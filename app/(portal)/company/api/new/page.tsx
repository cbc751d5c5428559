/** Making OAuth credentials of a company. */
import type { Metadata } from "next";
import { CreateCredential } from "@/components/create-credential";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { scopeOptions } from "@/lib/server/credential-form";
import { runtime } from "@/lib/server/runtime";
import { loadCompanyToCreateIn } from "../../load-company";
import { createOneCredential } from "./actions";

export const metadata: Metadata = { title: "Create OAuth credentials" };

export default async function NewCredentialPage() {
  const { id, name } = await loadCompanyToCreateIn("/company/api/new");
  return (
    <div className="mx-auto max-w-[44rem]">
      <Breadcrumbs trail={[{ href: "/company/api", label: "API" }]} here="New OAuth credentials" />
      <CreateCredential
        action={createOneCredential}
        company={{ id, name }}
        scopes={scopeOptions()}
        issuer={runtime().env.issuer}
        listHref="/company/api"
      />
    </div>
  );
}
