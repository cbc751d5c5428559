/** Making a company. */
import type { Metadata } from "next";
import { CreateCompany } from "@/components/create-company";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { requireAdmin } from "@/lib/server/session";
import { createOneCompany } from "./actions";

export const metadata: Metadata = { title: "Create company" };

export default async function NewCompanyPage() {
  await requireAdmin("/admin/companies/new");
  return (
    <div className="mx-auto max-w-[44rem]">
      <Breadcrumbs trail={[{ href: "/admin/companies", label: "Companies" }]} here="New company" />
      <CreateCompany action={createOneCompany} />
    </div>
  );
}
