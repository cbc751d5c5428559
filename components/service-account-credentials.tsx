"use client";
/** A service account's API Key and, after one was issued, its new API Secret. */
import { type ReactNode, useState } from "react";
import { type RotatedSecret, RotateSecret } from "./rotate-secret";
import { ServiceSecretsOnce } from "./service-account-once";
import type { FormAction } from "./ui/action-state";
import { Card, CardBody, CardHead } from "./ui/card";
import { CopyField } from "./ui/copy-field";

interface ServiceAccountCredentialsProps {
  apiKey: string;
  action: FormAction<RotatedSecret>;
  /** What is proposed for the old secret, in seconds. */
  overlapSeconds: number;
  /** What ending the old secret would stop. */
  stops: ReactNode;
  /** The list of secrets. */
  children: ReactNode;
}

export function ServiceAccountCredentials(props: ServiceAccountCredentialsProps) {
  const { apiKey, action, overlapSeconds, stops, children } = props;
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <Card tone={secret ? "accent" : "plain"}>
      <CardHead
        title="API Key and API Secret"
        text="For the client credentials grant. Only the last four characters of a secret are kept."
        aside={
          <RotateSecret
            title="Issue API Secret"
            clientId={apiKey}
            action={action}
            overlapSeconds={overlapSeconds}
            stops={stops}
            onRotated={setSecret}
          />
        }
      />
      <CardBody>
        <CopyField label="API Key" value={apiKey} />
        {secret && <ServiceSecretsOnce key={secret} secret={secret} />}
      </CardBody>
      <div className="border-line border-t">{children}</div>
    </Card>
  );
}
