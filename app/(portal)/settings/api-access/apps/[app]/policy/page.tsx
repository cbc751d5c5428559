/** What an app may do, switch by switch. */
import type { Metadata } from "next";
import { LegacyBadge } from "@/components/app-badges";
import { counted } from "@/components/app-words";
import { PolicyForm } from "@/components/policy-form";
import { PolicySummary } from "@/components/policy-summary";
import { presetChoices } from "@/components/preset-choices";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { describePolicy } from "@/lib/oauth/policy";
import { type AppParams, loadApp } from "../load-app";
import { savePolicy } from "./actions";

export const metadata: Metadata = { title: "Policy" };

export default async function PolicyPage({ params }: AppParams) {
  const { app } = await loadApp((await params).app);
  const lines = describePolicy(app.policy);
  const legacy = lines.filter((line) => line.legacy).length;
  return (
    <div className="grid gap-5">
      <Card>
        <CardHead
          title="Change the policy"
          text="Applies to what is issued from now on. Tokens out there keep their end."
        />
        <CardBody>
          <PolicyForm
            appId={app.id}
            preset={app.policy.preset}
            presets={presetChoices()}
            action={savePolicy}
          />
        </CardBody>
      </Card>
      <Card>
        <CardHead
          title="What it says"
          text={
            legacy > 0
              ? `${counted(legacy, "switch", "switches")} weaker than current practice.`
              : "Nothing here is weaker than current practice."
          }
          aside={legacy > 0 && <LegacyBadge />}
        />
        <PolicySummary lines={lines} />
      </Card>
    </div>
  );
}
