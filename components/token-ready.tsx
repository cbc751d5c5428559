"use client";
/** A new personal token: its value, shown once, and a request to try it with. */
import type { CreatedToken } from "./create-token";
import { Card, CardBody, CardHead } from "./ui/card";
import { CodeBlock } from "./ui/code-block";
import { CopyField } from "./ui/copy-field";
import { Note } from "./ui/note";
import { ReadyHead } from "./ui/ready-head";

export function TokenReady({ made }: { made: CreatedToken }) {
  return (
    <div className="grid grid-cols-1 gap-5">
      <ReadyHead name={made.name} href="/settings/api-access/tokens" label="All tokens" />
      <Card tone="accent">
        <CardBody>
          <CopyField label="Personal token" value={made.token} hint={expiry(made)} />
          <Note tone="warn" role="status">
            <strong>Copy the token now.</strong> It is not shown again. Whoever has it can do what you allowed
            it: keep it like a password.
          </Note>
        </CardBody>
      </Card>
      {made.tryOn && (
        <Card>
          <CardHead title="Try it" text="A request for a terminal, with the token in it." />
          <CardBody>
            <CodeBlock code={request(made.tryOn, made.token)} label="API request" copy />
          </CardBody>
        </Card>
      )}
    </div>
  );
}

function expiry({ expires }: CreatedToken): string {
  return expires
    ? `Works until ${expires}, or until you revoke it.`
    : "Never expires: it works until you revoke it.";
}

function request(address: string, token: string): string {
  return `curl ${address} \\\n  -H 'Authorization: Bearer ${token}'`;
}
