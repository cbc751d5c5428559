/** Changing an app's registration. */
import type { Metadata } from "next";
import { EditApp } from "@/components/edit-app";
import { presetChoices } from "@/components/preset-choices";
import { ReviewNote } from "@/components/registration-note";
import { scopeChoices } from "@/components/scope-choices";
import { changesWait, needsPurpose } from "@/lib/server/registration";
import { type AppParams, loadApp } from "../load-app";
import { saveApp } from "./actions";

export const metadata: Metadata = { title: "Edit app" };

export default async function EditAppPage({ params }: AppParams) {
  const { user, app } = await loadApp((await params).app);
  const asks = await needsPurpose(user, app.status);
  return (
    <section aria-labelledby="edit" className="max-w-[44rem]">
      <h2 id="edit" className="mb-4 font-semibold text-lg">
        Edit registration
      </h2>
      {(await changesWait(user, app.status)) && (
        <div className="mb-5">
          <ReviewNote people={app.people} />
        </div>
      )}
      <EditApp
        action={saveApp}
        appId={app.id}
        draft={{
          name: app.name,
          redirect: app.redirect,
          preset: app.policy.preset,
          logoId: app.logoId,
          ...(asks && { purpose: app.purpose ?? "" }),
        }}
        presets={presetChoices()}
        scopes={scopeChoices(app.scopes)}
        submitLabel={app.status === "refused" ? "Ask again" : "Save changes"}
      />
    </section>
  );
}
