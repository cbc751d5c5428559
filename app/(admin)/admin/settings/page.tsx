/** The installation's own settings. */
import type { Metadata } from "next";
import { InstanceSettings } from "@/components/instance-settings";
import { Moment } from "@/components/ui/moment";
import { PageHead } from "@/components/ui/page-head";
import { findInstance, findInstanceChange } from "@/lib/db/settings";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin } from "@/lib/server/session";
import { saveSettings } from "./actions";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  await requireAdmin("/admin/settings");
  const { db } = runtime();
  const [instance, change] = await Promise.all([findInstance(db), findInstanceChange(db)]);
  return (
    <div className="mx-auto max-w-[44rem]">
      <PageHead
        title="Settings"
        text={
          <>
            Hold for every app and every person here.
            <span className="block text-faint text-sm">
              {change ? (
                <>
                  Last changed by {change.by ?? "somebody who is gone"} <Moment at={change.at} />
                </>
              ) : (
                "Nobody has changed them yet."
              )}
            </span>
          </>
        }
      />
      <InstanceSettings action={saveSettings} instance={instance} />
    </div>
  );
}
