"use client";
/** Making an app, and its credentials right after. */
import Link from "next/link";
import { useActionState, useEffect, useRef } from "react";
import { type AppDraft, AppForm } from "./app-form";
import { SecretOnce } from "./credentials-once";
import type { PresetChoice } from "./policy-field";
import { Quickstart } from "./quickstart";
import type { ActionState, FormAction } from "./ui/action-state";
import { buttonClass } from "./ui/button";
import { Card, CardBody, CardHead } from "./ui/card";
import { CopyField } from "./ui/copy-field";
import { Note } from "./ui/note";

/** What the action made; the secret is in here and nowhere else. */
export interface CreatedApp {
  id: string;
  name: string;
  secret: string | null;
  redirectUri: string;
  pkce: boolean;
}

interface CreateAppProps {
  action: FormAction<CreatedApp>;
  presets: readonly PresetChoice[];
  issuer: string;
}

const draft: AppDraft = {
  name: "",
  redirect: { match: "exact", uris: [] },
  preset: "standard",
  logoId: null,
};

export function CreateApp({ action, presets, issuer }: CreateAppProps) {
  const [state, submit, pending] = useActionState<ActionState<CreatedApp>, FormData>(action, null);
  if (state?.ok) return <AppReady app={state} issuer={issuer} />;
  return (
    <>
      <h1 className="mb-5 font-semibold text-2xl">Create app</h1>
      <AppForm
        state={state}
        submit={submit}
        pending={pending}
        draft={draft}
        presets={presets}
        submitLabel="Create app"
        cancelHref="/settings/api-access/apps"
      />
    </>
  );
}

function AppReady({ app, issuer }: { app: CreatedApp; issuer: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    window.scrollTo(0, 0);
    heading.current?.focus();
  }, []);
  return (
    <div className="grid gap-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 ref={heading} tabIndex={-1} className="font-semibold text-2xl outline-none">
          {app.name} is ready
        </h1>
        <Link href={`/settings/api-access/apps/${app.id}`} className={buttonClass({ variant: "primary" })}>
          Open {app.name}
        </Link>
      </div>
      <Card className="border-accent-line">
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
        <CardHead
          title="Next steps"
          text="Three requests from nothing to data. Capitals are for you to fill in."
        />
        <CardBody>
          <Quickstart
            issuer={issuer}
            clientId={app.id}
            redirectUri={app.redirectUri}
            secret={app.secret !== null}
            pkce={app.pkce}
          />
        </CardBody>
      </Card>
    </div>
  );
}
