/** One set of OAuth credentials of a company: its secrets, how to use it, how to end it. */
import type { Metadata } from "next";
import { ActivityList } from "@/components/activity-list";
import { AppRequests } from "@/components/app-requests";
import { WhatEnds } from "@/components/company-credentials";
import { credentialQuickstart } from "@/components/credential-quickstart";
import { Credentials } from "@/components/credentials";
import { Facts } from "@/components/facts";
import { ListHead } from "@/components/list-head";
import { Quickstart } from "@/components/quickstart";
import { SecretList } from "@/components/secret-list";
import { SecretStops } from "@/components/secret-use";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Moment } from "@/components/ui/moment";
import { PageHead } from "@/components/ui/page-head";
import { listActivity } from "@/lib/db/activity";
import { type CredentialDetail, managedCredential } from "@/lib/db/credentials";
import { findRefusal, findRequestActivity } from "@/lib/db/request-activity";
import { listSecrets } from "@/lib/db/secret-evidence";
import { presets } from "@/lib/oauth/presets";
import { activityQuery } from "@/lib/server/activity-query";
import { scopesInWords } from "@/lib/server/credential-form";
import { runtime } from "@/lib/server/runtime";
import {
  revokeCredentialSecret,
  revokeWholeCredential,
  rotateCredentialSecret,
  setCredentialRetirement,
} from "./actions";
import { type CredentialParams, findManaged, loadCredential } from "./load-credential";

export async function generateMetadata({ params }: CredentialParams): Promise<Metadata> {
  const { credential } = await findManaged((await params).credential);
  return { title: credential?.name ?? "Not found" };
}

type Search = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function CredentialPage({ params, searchParams }: CredentialParams & Search) {
  const { user, credential } = await loadCredential((await params).credential);
  const { id, name, company, scopes } = credential;
  const secrets = await listSecrets(runtime().db, id, managedCredential(user.id));
  const query = activityQuery(await searchParams);
  const { db, trail } = runtime();
  await trail.flush();
  const [activity, found, { rows }] = await Promise.all([
    findRequestActivity(db, user.id, id, query),
    query.request === "" ? null : findRefusal(db, user.id, id, query.request),
    listActivity(db, user.id, id, { limit: 20 }),
  ]);
  return (
    <>
      <Breadcrumbs trail={[{ href: "/company/api", label: "API" }]} here={name} />
      <PageHead
        title={name}
        text={<span className="text-faint text-sm">OAuth credentials of {company.name}</span>}
      />
      <div className="grid grid-cols-1 gap-5">
        <CredentialFacts credential={credential} />
        <Credentials
          clientId={id}
          stops={<SecretStops secrets={secrets.live} />}
          action={rotateCredentialSecret}
          overlapSeconds={presets.machine.policy.rotation_overlap_seconds}
        >
          <SecretList
            appId={id}
            appName={name}
            secrets={secrets}
            revoke={revokeCredentialSecret}
            retire={setCredentialRetirement}
          />
        </Credentials>
        <Card>
          <CardHead title="How to use it" text="From nothing to data. Capitals are for you to fill in." />
          <CardBody>
            <Quickstart {...credentialQuickstart(runtime().env.issuer, id, scopes.join(" "))} copy />
          </CardBody>
        </Card>
        <AppRequests path={`/company/api/${id}`} query={query} activity={activity} found={found} />
        <section aria-labelledby="changes">
          <ListHead id="changes" title="Changes" text="The last changes of these credentials." />
          <ActivityList rows={rows} />
        </section>
        <Card>
          <div className="flex flex-wrap items-center justify-between gap-3 px-4 py-3.5 sm:px-5">
            <div>
              <h2 className="font-semibold text-base">Revoke these credentials</h2>
              <p className="text-faint text-sm">Secrets and tokens end at once. There is no way back.</p>
            </div>
            <ConfirmDialog
              trigger="Revoke credentials"
              title={`Revoke ${name}?`}
              confirm="Revoke"
              action={revokeWholeCredential}
              fields={{ app: id }}
              done={`${name} is revoked`}
              then="/company/api"
            >
              <WhatEnds credential={{ kind: "oauth", lastUsedAt: credential.lastUsedAt }} />
            </ConfirmDialog>
          </div>
        </Card>
      </div>
    </>
  );
}

function CredentialFacts({ credential }: { credential: CredentialDetail }) {
  const { scopes, liveTokens, lastUsedAt, createdAt, createdBy } = credential;
  return (
    <Facts
      facts={[
        { title: "Scope", value: scopesInWords(scopes) },
        { title: "Tokens", value: liveTokens.toLocaleString("en-GB"), note: "work now" },
        { title: "Last used", value: lastUsedAt ? <Moment at={lastUsedAt} /> : "Never" },
        {
          title: "Created",
          value: <Moment at={createdAt} style="date" />,
          note: `by ${createdBy ?? "a former member"}`,
        },
      ]}
    />
  );
}
