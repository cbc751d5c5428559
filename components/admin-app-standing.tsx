/** What an administrator can do about an app. */
import type { ReactNode } from "react";
import { brand } from "@/latchkey.config";
import type { AnyAppDetail } from "@/lib/db/all-apps";
import { counted } from "./app-words";
import { DeleteByName } from "./delete-by-name";
import { SuspendApp } from "./suspend-app";
import { TransferApp } from "./transfer-app";
import { ActionButton } from "./ui/action-button";
import type { FormAction } from "./ui/action-state";
import { Card } from "./ui/card";
import { ConfirmDialog } from "./ui/confirm-dialog";

interface AdminAppStandingProps {
  app: AnyAppDetail;
  actions: Record<"suspend" | "resume" | "verify" | "unverify" | "transfer" | "remove", FormAction>;
}

export function AdminAppStanding({ app, actions }: AdminAppStandingProps) {
  const { id, name, status, kind } = app;
  const fields = { app: id, version: String(app.version) };
  const canMove = kind === "registered" && (status === "active" || status === "suspended");
  return (
    <Card className="divide-y divide-line">
      {kind === "registered" && <Verification app={app} actions={actions} fields={fields} />}
      {canMove && (
        <Line title="Transfer this app" text="To another person or a company; what people allowed stands.">
          <TransferApp name={name} fields={fields} action={actions.transfer} />
        </Line>
      )}
      {(status === "active" || status === "pending") && (
        <Line title="Suspend this app" text="It works for nobody until it is resumed.">
          <SuspendApp name={name} fields={fields} action={actions.suspend}>
            <Stops app={app} />
          </SuspendApp>
        </Line>
      )}
      {status === "suspended" && (
        <Line title="Resume this app" text="It works as before, with the tokens that have not expired.">
          <ActionButton action={actions.resume} fields={fields} done={`${name} works again`}>
            Resume
          </ActionButton>
        </Line>
      )}
      <Line title="Delete this app" text="Its secrets and tokens end at once. There is no way back.">
        <DeleteByName
          label="Delete app"
          name={name}
          typed={name}
          action={actions.remove}
          fields={fields}
          then="/admin/apps?show=all"
        >
          <Stops app={app} />
          <p>The client ID cannot be used again.</p>
        </DeleteByName>
      </Line>
    </Card>
  );
}

function Verification({ app, actions, fields }: AdminAppStandingProps & { fields: Record<string, string> }) {
  if (app.verifiedAt)
    return (
      <Line title="Take the verification back" text="The badge goes from the portal and the consent screen.">
        <ConfirmDialog
          trigger="Unverify"
          title={`Take the verification of ${app.name} back?`}
          confirm="Unverify"
          action={actions.unverify}
          fields={fields}
          done={`${app.name} is not verified any more`}
        >
          <p>The app goes on working. People read nothing about it having been verified.</p>
        </ConfirmDialog>
      </Line>
    );
  return (
    <Line
      title="Verify this app"
      text={`The consent screen says “Verified by ${brand.name}”, until its name, logo, redirects or owner change.`}
    >
      <ActionButton action={actions.verify} fields={fields} done={`${app.name} is verified`}>
        Verify
      </ActionButton>
    </Line>
  );
}

function Stops({ app: { people, liveTokens } }: { app: AnyAppDetail }) {
  return (
    <p>
      <strong>{counted(people, "person", "people")}</strong> {people === 1 ? "loses" : "lose"} access through
      it, and <strong>{counted(liveTokens, "token")}</strong> {liveTokens === 1 ? "stops" : "stop"} working
      with the next request.
    </p>
  );
}

function Line({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 px-4 py-3.5 sm:px-5">
      <div className="min-w-0">
        <h2 className="font-semibold text-base">{title}</h2>
        <p className="text-faint text-sm">{text}</p>
      </div>
      {children}
    </div>
  );
}
