/** An app at a glance: its use, its registration, how to call it, how to delete it. */
import Link from "next/link";
import { AppFacts } from "@/components/app-facts";
import { counted } from "@/components/app-words";
import { DeleteByName } from "@/components/delete-by-name";
import { Facts } from "@/components/facts";
import { ObservedList } from "@/components/observed-list";
import { Quickstart } from "@/components/quickstart";
import { quickstartFacts } from "@/components/quickstart-facts";
import { TransferOwnApp } from "@/components/transfer-own-app";
import { buttonClass } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Moment } from "@/components/ui/moment";
import type { AppDetail } from "@/lib/db/apps";
import { isManaging } from "@/lib/db/company-roles";
import { listObservedUris } from "@/lib/db/observed-redirects";
import { runtime } from "@/lib/server/runtime";
import type { SignedInUser } from "@/lib/server/session";
import { deleteOneApp, transferOneApp } from "./actions";
import { type AppParams, loadApp } from "./load-app";
import { pinToExact } from "./pin-actions";

export default async function AppPage({ params }: AppParams) {
  const { user, app } = await loadApp((await params).app);
  const observed = await listObservedUris(runtime().db, user.id, app.id);
  return (
    <div className="grid grid-cols-1 gap-5">
      <Facts
        facts={[
          { title: "People", value: app.people.toLocaleString("en-GB"), note: "have allowed it" },
          { title: "Tokens", value: app.liveTokens.toLocaleString("en-GB"), note: "work now" },
          { title: "Last used", value: app.lastUsedAt ? <Moment at={app.lastUsedAt} /> : "Never" },
          { title: "Created", value: <Moment at={app.createdAt} style="date" /> },
        ]}
      />
      <Card>
        <CardHead
          title="Registration"
          aside={
            <Link href={`/settings/api-access/apps/${app.id}/edit`} className={buttonClass({ size: "sm" })}>
              Edit
            </Link>
          }
        />
        <AppFacts app={app} observed={<ObservedList appId={app.id} uris={observed} pin={pinToExact} />} />
      </Card>
      <Card>
        <CardHead title="How to call it" text="From nothing to data. Capitals are for you to fill in." />
        <CardBody>
          <Quickstart {...quickstartFacts(app, runtime().env.issuer)} copy />
        </CardBody>
      </Card>
      {app.isOwner && <GiveAway user={user} app={app} />}
    </div>
  );
}

/** What only its owner does with an app, or who manages the company that owns it. */
function GiveAway({ user, app }: { user: SignedInUser; app: AppDetail }) {
  const companies = app.company ? [] : user.companies.filter(({ role }) => isManaging(role));
  return (
    <Card className="divide-y divide-line">
      {companies.length > 0 && <TransferOwnApp app={app} companies={companies} action={transferOneApp} />}
      <div className="flex flex-wrap items-center justify-between gap-3 px-4 py-3.5 sm:px-5">
        <div>
          <h2 className="font-semibold text-base">Delete this app</h2>
          <p className="text-faint text-sm">Its secrets and tokens end at once. There is no way back.</p>
        </div>
        <DeleteByName
          label="Delete app"
          name={app.name}
          typed={app.name}
          action={deleteOneApp}
          fields={{ app: app.id }}
          then="/settings/api-access/apps"
        >
          <WhatStops app={app} />
        </DeleteByName>
      </div>
    </Card>
  );
}

function WhatStops({ app }: { app: AppDetail }) {
  return (
    <>
      <p>
        <strong>{counted(app.people, "person", "people")}</strong> {app.people === 1 ? "loses" : "lose"}{" "}
        access through it, and <strong>{counted(app.liveTokens, "token")}</strong>{" "}
        {app.liveTokens === 1 ? "stops" : "stop"} working with the next request.
        {app.lastUsedAt && (
          <>
            {" "}
            It was last used{" "}
            <strong>
              <Moment at={app.lastUsedAt} />
            </strong>
            .
          </>
        )}
      </p>
      <p>The client ID cannot be used again.</p>
    </>
  );
}
