/** A service account's properties: its key and secrets, its password, how to call, how to stop it. */
import type { Metadata } from "next";
import { ScopeChips } from "@/components/scope-chips";
import { SecretList } from "@/components/secret-list";
import { SecretStops } from "@/components/secret-use";
import { ServiceAccountCalls } from "@/components/service-account-calls";
import { ServiceAccountCredentials } from "@/components/service-account-credentials";
import { PasswordNote, ServiceAccountFacts } from "@/components/service-account-facts";
import { ServiceAccountPassword } from "@/components/service-account-password";
import { ServiceAccountStatus } from "@/components/service-account-status";
import { StopServiceAccount } from "@/components/service-account-stop";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { PageHead } from "@/components/ui/page-head";
import { listSecrets } from "@/lib/db/secret-evidence";
import { serviceKeys } from "@/lib/db/service-account-changes";
import { findInstance } from "@/lib/db/settings";
import { presets } from "@/lib/oauth/presets";
import { runtime } from "@/lib/server/runtime";
import * as actions from "./actions";
import { type AccountParams, loadAccount } from "./load-account";

export async function generateMetadata({ params }: AccountParams): Promise<Metadata> {
  const { account } = await loadAccount((await params).account);
  return { title: account.name };
}

export default async function ServiceAccountPage({ params }: AccountParams) {
  const { account } = await loadAccount((await params).account);
  const { db, env } = runtime();
  const { password } = await findInstance(db);
  // Only an administrator gets here.
  const secrets = await listSecrets(db, account.apiKey, serviceKeys);
  return (
    <>
      <Breadcrumbs
        trail={[{ href: "/admin/service-accounts", label: "Service accounts" }]}
        here={account.name}
      />
      <PageHead
        title={account.name}
        text={
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-faint text-sm">
            Works for {account.company?.name ?? "no company"} <ScopeChips scopes={account.scopes} />
          </span>
        }
        aside={<ServiceAccountStatus status={account.status} />}
      />
      <div className="grid grid-cols-1 gap-5">
        <ServiceAccountFacts account={account} />
        <ServiceAccountCredentials
          apiKey={account.apiKey}
          stops={<SecretStops secrets={secrets.live} />}
          action={actions.issueOneSecret}
          overlapSeconds={presets.classic.policy.rotation_overlap_seconds}
        >
          <SecretList
            appId={account.apiKey}
            appName={account.name}
            secrets={secrets}
            revoke={actions.revokeOneSecret}
            retire={actions.setOneRetirement}
          />
        </ServiceAccountCredentials>
        <ServiceAccountPassword
          accountId={account.id}
          username={account.username}
          action={actions.resetOnePassword}
        >
          <PasswordNote on={password} />
        </ServiceAccountPassword>
        <Card>
          <CardHead
            title="How to call"
            text="A token for the key, then data for the token. Capitals are for you to fill in."
          />
          <CardBody>
            <ServiceAccountCalls issuer={env.issuer} apiKey={account.apiKey} copy />
          </CardBody>
        </Card>
        <StopServiceAccount
          account={account}
          suspend={actions.suspendOne}
          reactivate={actions.reactivateOne}
          remove={actions.deleteOne}
        />
      </div>
    </>
  );
}
