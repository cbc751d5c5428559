"use client";
/** An app's client ID and, after a rotation, its new secret. */
import { type ReactNode, useState } from "react";
import { SecretOnce } from "./credentials-once";
import { type RotatedSecret, RotateSecret } from "./rotate-secret";
import type { FormAction } from "./ui/action-state";
import { Card, CardBody, CardHead } from "./ui/card";
import { CopyField } from "./ui/copy-field";

interface CredentialsProps {
  clientId: string;
  action: FormAction<RotatedSecret>;
  /** What the policy proposes for the old secret, in seconds. */
  overlapSeconds: number;
  /** What ending the old secret would stop. */
  stops: ReactNode;
  /** The list of secrets. */
  children: ReactNode;
}

export function Credentials({ clientId, action, overlapSeconds, stops, children }: CredentialsProps) {
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <div className="grid grid-cols-1 gap-5">
      <Card tone={secret ? "accent" : "plain"}>
        <CardBody>
          <CopyField
            label="Client ID"
            value={clientId}
            hint={secret ? undefined : "Public: fine in links and in code that people can read."}
          />
          {secret && <SecretOnce key={secret} secret={secret} />}
        </CardBody>
      </Card>
      <Card>
        <CardHead
          title="Client secrets"
          text="Only the last four characters are kept."
          aside={
            <RotateSecret
              clientId={clientId}
              action={action}
              overlapSeconds={overlapSeconds}
              stops={stops}
              onRotated={setSecret}
            />
          }
        />
        {children}
      </Card>
    </div>
  );
}
