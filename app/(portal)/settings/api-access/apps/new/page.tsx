/** Registering an app, or asking for one; where neither is possible, whom to ask. */
import type { Metadata } from "next";
import { CreateApp } from "@/components/create-app";
import { presetChoices } from "@/components/preset-choices";
import { RegistrationClosed } from "@/components/registration-closed";
import { scopeChoices } from "@/components/scope-choices";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { managersOf } from "@/lib/db/registrations";
import { admissionOf } from "@/lib/server/registration";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";
import { createOneApp } from "./actions";

export const metadata: Metadata = { title: "Create app" };

export default async function NewAppPage() {
  const user = await requireUser("/settings/api-access/apps/new");
  const admitted = await admissionOf(user);
  return (
    <div className="mx-auto max-w-[44rem]">
      <Breadcrumbs trail={[{ href: "/settings/api-access/apps", label: "Developer apps" }]} here="New app" />
      {admitted === "closed" ? (
        <RegistrationClosed companies={await managersOf(runtime().db, user.id)} />
      ) : (
        <CreateApp
          action={createOneApp}
          presets={presetChoices()}
          scopes={scopeChoices()}
          byApproval={admitted === "by_approval"}
        />
      )}
    </div>
  );
}
