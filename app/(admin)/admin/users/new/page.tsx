/** Making an account for somebody. */
import type { Metadata } from "next";
import { CreateUser } from "@/components/create-user";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { requireAdmin } from "@/lib/server/session";
import { createOneUser } from "./actions";

export const metadata: Metadata = { title: "Create user" };

export default async function NewUserPage() {
  await requireAdmin("/admin/users/new");
  return (
    <div className="mx-auto max-w-[44rem]">
      <Breadcrumbs trail={[{ href: "/admin/users", label: "Users" }]} here="New user" />
      <CreateUser action={createOneUser} />
    </div>
  );
}
