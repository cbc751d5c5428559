/** Changing an app's registration. */
import type { Metadata } from "next";
import { EditApp } from "@/components/edit-app";
import { presetChoices } from "@/components/preset-choices";
import { type AppParams, loadApp } from "../load-app";
import { saveApp } from "./actions";

export const metadata: Metadata = { title: "Edit app" };

export default async function EditAppPage({ params }: AppParams) {
  const { app } = await loadApp((await params).app);
  return (
    <section aria-labelledby="edit" className="max-w-[44rem]">
      <h2 id="edit" className="mb-4 font-semibold text-lg">
        Edit registration
      </h2>
      <EditApp
        action={saveApp}
        appId={app.id}
        draft={{ name: app.name, redirect: app.redirect, preset: app.policy.preset, logoId: app.logoId }}
        presets={presetChoices()}
      />
    </section>
  );
}
