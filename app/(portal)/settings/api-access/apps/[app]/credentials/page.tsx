/** An app's client ID and secrets. */
import type { Metadata } from "next";
import { Credentials } from "@/components/credentials";
import { SecretList } from "@/components/secret-list";
import { SecretStops } from "@/components/secret-use";
import { Card, CardBody } from "@/components/ui/card";
import { CopyField } from "@/components/ui/copy-field";
import { Note } from "@/components/ui/note";
import { maintainedBy } from "@/lib/db/app-maintenance";
import { listSecrets } from "@/lib/db/secret-evidence";
import { runtime } from "@/lib/server/runtime";
import { type AppParams, loadApp } from "../load-app";
import { revokeOneSecret, rotateOneSecret, setSecretRetirement } from "./actions";

export const metadata: Metadata = { title: "Credentials" };

export default async function CredentialsPage({ params }: AppParams) {
  const { user, app } = await loadApp((await params).app);
  if (app.type === "public") return <PublicCredentials clientId={app.id} />;
  const secrets = await listSecrets(runtime().db, app.id, maintainedBy(user.id));
  return (
    <Credentials
      clientId={app.id}
      stops={<SecretStops secrets={secrets.live} />}
      action={rotateOneSecret}
      overlapSeconds={app.policy.rotation_overlap_seconds}
    >
      <SecretList
        appId={app.id}
        appName={app.name}
        secrets={secrets}
        revoke={revokeOneSecret}
        retire={setSecretRetirement}
      />
    </Credentials>
  );
}

function PublicCredentials({ clientId }: { clientId: string }) {
  return (
    <Card>
      <CardBody>
        <CopyField
          label="Client ID"
          value={clientId}
          hint="Public: fine in links and in code that people can read."
        />
        <Note>
          A native or single-page app cannot keep a secret, so it has none. PKCE proves that whoever redeems a
          code is the one that asked for it.
        </Note>
      </CardBody>
    </Card>
  );
}
