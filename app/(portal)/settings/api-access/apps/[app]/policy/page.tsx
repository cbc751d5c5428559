/** What an app may do, switch by switch. */
import type { Metadata } from "next";
import { LegacyBadge } from "@/components/app-badges";
import { counted } from "@/components/app-words";
import { policyFields } from "@/components/policy-fields";
import { PolicyForm } from "@/components/policy-form";
import { PolicySummary } from "@/components/policy-summary";
import { presetChoices } from "@/components/preset-choices";
import { ReviewNote } from "@/components/registration-note";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { presets } from "@/lib/oauth/presets";
import { describePolicy, type PolicyLine } from "@/lib/oauth/switches";
import { endDays } from "@/lib/server/policy-form";
import { changesWait } from "@/lib/server/registration";
import { runtime } from "@/lib/server/runtime";
import { type AppParams, loadApp } from "../load-app";
import { savePolicy } from "./actions";

export const metadata: Metadata = { title: "Policy" };

export default async function PolicyPage({ params }: AppParams) {
  const { user, app } = await loadApp((await params).app);
  const { as, db } = runtime();
  const lines = describePolicy(app.policy);
  return (
    <div className="grid grid-cols-1 gap-5">
      {(await changesWait(user, app.status)) && <ReviewNote people={app.people} />}
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
            groups={policyFields(app.policy, await as.store.findInstance())}
            days={endDays(db.now())}
            action={savePolicy}
          />
        </CardBody>
      </Card>
      <Card>
        <CardHead
          title="What it says"
          text={inShort(presets[app.policy.preset].label, lines)}
          aside={lines.some((line) => line.legacy) && <LegacyBadge />}
        />
        <PolicySummary lines={lines} />
      </Card>
    </div>
  );
}

function inShort(preset: string, lines: readonly PolicyLine[]): string {
  const differing = lines.filter((line) => line.differs).length;
  const legacy = lines.filter((line) => line.legacy).length;
  if (differing === 0) return `${preset}. Nothing here is weaker than current practice.`;
  const beside = `${preset}. ${counted(differing, "switch differs", "switches differ")} from Standard`;
  return legacy === 0
    ? `${beside}, none weaker than current practice.`
    : `${beside}, ${legacy} weaker than current practice.`;
}
