"use client";
/** New OAuth credentials: the ID and, this one time, the secret, and how to get a token with them. */
import type { CreatedCredential } from "./create-credential";
import { credentialQuickstart } from "./credential-quickstart";
import { SecretOnce } from "./credentials-once";
import { Quickstart } from "./quickstart";
import { Card, CardBody, CardHead } from "./ui/card";
import { CopyField } from "./ui/copy-field";
import { ReadyHead } from "./ui/ready-head";

interface CredentialReadyProps {
  made: CreatedCredential;
  issuer: string;
  listHref: string;
}

export function CredentialReady({ made, issuer, listHref }: CredentialReadyProps) {
  return (
    <div className="grid grid-cols-1 gap-5">
      <ReadyHead name={made.name} href={listHref} label="All credentials" />
      <Card tone="accent">
        <CardBody>
          <CopyField label="Client ID" value={made.client_id} />
          <SecretOnce secret={made.secret} />
        </CardBody>
      </Card>
      <Card>
        <CardHead title="Next steps" text="From nothing to data. Capitals are for you to fill in." />
        <CardBody>
          <Quickstart {...credentialQuickstart(issuer, made.client_id, made.scope)} copy />
        </CardBody>
      </Card>
    </div>
  );
}
