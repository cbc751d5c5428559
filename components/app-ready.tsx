"use client";
/** A new app: its credentials, shown once, and what to do with them. Loaded before the app is made. */
import Link from "next/link";
import { useEffect, useRef } from "react";
import type { CreatedApp } from "./create-app";
import { SecretOnce } from "./credentials-once";
import { Quickstart } from "./quickstart";
import { WaitingNote } from "./registration-note";
import { buttonClass } from "./ui/button";
import { Card, CardBody, CardHead } from "./ui/card";
import { CopyField } from "./ui/copy-field";
import { Note } from "./ui/note";

export default function AppReady({ app }: { app: CreatedApp }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    window.scrollTo(0, 0);
    heading.current?.focus();
  }, []);
  return (
    <div className="grid grid-cols-1 gap-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 ref={heading} tabIndex={-1} className="font-semibold text-2xl outline-none">
          {app.name} is ready
        </h1>
        <Link
          href={`/settings/api-access/apps/${app.id}`}
          className={`${buttonClass({ variant: "primary" })} max-w-full`}
        >
          <span className="truncate">Open {app.name}</span>
        </Link>
      </div>
      {app.waits && <WaitingNote />}
      <Card tone="accent">
        <CardBody>
          <CopyField label="Client ID" value={app.id} />
          {app.secret ? (
            <SecretOnce secret={app.secret} />
          ) : (
            <Note>A native or single-page app has no secret: PKCE proves that it is the one that asked.</Note>
          )}
        </CardBody>
      </Card>
      <Card>
        <CardHead title="Next steps" text="From nothing to data. Capitals are for you to fill in." />
        <CardBody>
          <Quickstart {...app.quickstart} />
        </CardBody>
      </Card>
    </div>
  );
}
