/** Registering an app. */
import type { Metadata } from "next";
import { CreateApp } from "@/components/create-app";
import { presetChoices } from "@/components/preset-choices";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";
import { createOneApp } from "./actions";

export const metadata: Metadata = { title: "Create app" };

export default async function NewAppPage() {
  await requireUser("/settings/api-access/apps/new");
  return (
    <div className="mx-auto max-w-[44rem]">
      <Breadcrumbs trail={[{ href: "/settings/api-access/apps", label: "Developer apps" }]} here="New app" />
      <CreateApp action={createOneApp} presets={presetChoices()} issuer={runtime().env.issuer} />
    </div>
  );
}
