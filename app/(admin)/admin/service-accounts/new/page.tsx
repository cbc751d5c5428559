/** Making a service account. */
import type { Metadata } from "next";
import { CreateServiceAccount } from "@/components/create-service-account";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { companiesForAdmin } from "@/lib/db/service-accounts";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin } from "@/lib/server/session";
import { createOneServiceAccount } from "./actions";

export const metadata: Metadata = { title: "Create service account" };

export default async function NewServiceAccountPage() {
  const user = await requireAdmin("/admin/service-accounts/new");
  const { db, env } = runtime();
  return (
    <div className="mx-auto max-w-[44rem]">
      <Breadcrumbs
        trail={[{ href: "/admin/service-accounts", label: "Service accounts" }]}
        here="New account"
      />
      <CreateServiceAccount
        action={createOneServiceAccount}
        companies={await companiesForAdmin(db, user.id)}
        issuer={env.issuer}
      />
    </div>
  );
}
