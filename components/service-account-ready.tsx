"use client";
/** A new service account: its credentials, shown once. Loaded before the account is made. */
import Link from "next/link";
import { useEffect, useRef } from "react";
import type { CreatedServiceAccount } from "./create-service-account";
import { ServiceAccountCalls } from "./service-account-calls";
import { ServiceSecretsOnce } from "./service-account-once";
import { buttonClass } from "./ui/button";
import { Card, CardBody, CardHead } from "./ui/card";
import { CopyField } from "./ui/copy-field";

interface ServiceAccountReadyProps {
  account: CreatedServiceAccount;
  issuer: string;
}

export default function ServiceAccountReady({ account, issuer }: ServiceAccountReadyProps) {
  const { secret, username, password } = account;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    window.scrollTo(0, 0);
    heading.current?.focus();
  }, []);
  return (
    <div className="grid grid-cols-1 gap-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 ref={heading} tabIndex={-1} className="wrap-anywhere font-semibold text-2xl outline-none">
          {account.name} is ready
        </h1>
        <Link
          href={`/admin/service-accounts/${account.id}`}
          className={buttonClass({ variant: "primary", className: "max-w-full" })}
        >
          <span className="truncate">Open {account.name}</span>
        </Link>
      </div>
      <Card tone="accent">
        <CardBody>
          <CopyField label="API Key" value={account.apiKey} />
          <ServiceSecretsOnce secret={secret} username={username} password={password} />
        </CardBody>
      </Card>
      <Card>
        <CardHead
          title="Try it"
          text="A token for the key, then data for the token. Capitals are for you to fill in."
        />
        <CardBody>
          <ServiceAccountCalls issuer={issuer} apiKey={account.apiKey} copy />
        </CardBody>
      </Card>
    </div>
  );
}
