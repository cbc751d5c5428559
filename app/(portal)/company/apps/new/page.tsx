/** Registering an app that belongs to the company. */
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { CreateApp } from "@/components/create-app";
import { presetChoices } from "@/components/preset-choices";
import { scopeChoices } from "@/components/scope-choices";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { admissionOf } from "@/lib/server/registration";
import { loadCompany } from "../../load-company";
import { createCompanyApp } from "./actions";

export const metadata: Metadata = { title: "Create app" };

export default async function NewCompanyAppPage() {
  const { user, company } = await loadCompany("/company/apps/new");
  if (!company?.manages) redirect("/company/apps");
  return (
    <div className="mx-auto max-w-[44rem]">
      <Breadcrumbs trail={[{ href: "/company/apps", label: "Company apps" }]} here="New app" />
      <CreateApp
        action={createCompanyApp}
        presets={presetChoices()}
        scopes={scopeChoices()}
        byApproval={(await admissionOf(user)) === "by_approval"}
        company={{ id: company.id, name: company.name }}
      />
    </div>
  );
}
