"use client";
/** A new legacy token: its value, this one time, and a request to try it with. */
import type { CreatedLegacyToken } from "./create-legacy-token";
import { Card, CardBody, CardHead } from "./ui/card";
import { CodeBlock } from "./ui/code-block";
import { CopyField } from "./ui/copy-field";
import { Note } from "./ui/note";
import { ReadyHead } from "./ui/ready-head";
import { exactTime } from "./ui/time-in-words";

interface LegacyTokenReadyProps {
  made: CreatedLegacyToken;
  issuer: string;
  listHref: string;
}

export function LegacyTokenReady({ made, issuer, listHref }: LegacyTokenReadyProps) {
  return (
    <div className="grid grid-cols-1 gap-5">
      <ReadyHead name={made.name} href={listHref} label="All credentials" />
      <Card tone="accent">
        <CardBody>
          <CopyField
            label="Legacy token"
            value={made.token}
            hint={`Works until ${exactTime(new Date(made.expiresAt))}, or until somebody of the company revokes it.`}
          />
          <Note tone="warn" role="status">
            <strong>Copy the token now.</strong> It is not shown again. Whoever has it can do what you allowed
            it: keep it on your server.
          </Note>
        </CardBody>
      </Card>
      <Card>
        <CardHead title="Call the API" text="The token goes into the header of every request." />
        <CardBody>
          <CodeBlock
            code={`curl ${issuer}/public/v1/workspaces \\\n  -H 'Authorization: Bearer LEGACY_TOKEN'`}
            label="API request"
            copy
          />
        </CardBody>
      </Card>
    </div>
  );
}
