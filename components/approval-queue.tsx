/** Apps that wait for an administrator, each with what it is judged by. */
import type { ReactNode } from "react";
import { scopes as catalogue } from "@/latchkey.config";
import type { WaitingApp } from "@/lib/db/registrations";
import { presets } from "@/lib/oauth/presets";
import { describePolicy } from "@/lib/oauth/switches";
import { LegacyBadge } from "./app-badges";
import { logoSrc, typeWords } from "./app-words";
import { ApprovalButtons } from "./approval-buttons";
import type { FormAction } from "./ui/action-state";
import { Card } from "./ui/card";
import { Logo } from "./ui/logo";
import { Moment } from "./ui/moment";

interface ApprovalQueueProps {
  apps: readonly WaitingApp[];
  approve: FormAction;
  refuse: FormAction;
}

export function ApprovalQueue({ apps, ...actions }: ApprovalQueueProps) {
  return (
    <ul className="grid grid-cols-1 gap-5">
      {apps.map((app) => (
        <li key={app.id}>
          <WaitingCard app={app} {...actions} />
        </li>
      ))}
    </ul>
  );
}

function WaitingCard({ app, approve, refuse }: Omit<ApprovalQueueProps, "apps"> & { app: WaitingApp }) {
  const { id, name, version } = app;
  return (
    <Card>
      <div className="flex items-center gap-3.5 border-line border-b px-4 py-3.5 sm:px-5">
        <Logo name={name} src={logoSrc(app.logoId)} size="lg" />
        <div className="min-w-0">
          <h2 id={`app-${id}`} className="wrap-anywhere font-semibold text-lg leading-snug">
            {name}
          </h2>
          <p className="text-faint text-sm">
            {app.owner.name} · <span className="wrap-anywhere">{app.owner.email}</span> · registered{" "}
            <Moment at={app.createdAt} />
          </p>
        </div>
      </div>
      <dl className="px-4 py-2 sm:px-5">
        {app.inUse && (
          <Fact title="In use">
            It was approved before and has been changed. People who allowed it wait until you decide.
          </Fact>
        )}
        <Fact title="What it is for">
          {app.purpose ? (
            <p className="wrap-anywhere whitespace-pre-line">{app.purpose}</p>
          ) : (
            <span className="text-faint">Not said</span>
          )}
        </Fact>
        <Fact title="Scopes">
          <Scopes scopes={app.scopes} />
        </Fact>
        <Fact title={app.redirect.match === "exact" ? "Redirect URIs" : "Redirect domain"}>
          <Redirects redirect={app.redirect} />
        </Fact>
        <Fact title="Policy">
          <PolicyInWords policy={app.policy} />
        </Fact>
        <Fact title="App type">
          {typeWords[app.type].label} <span className="text-faint">· {typeWords[app.type].meaning}</span>
        </Fact>
        <Fact title="Client ID">
          <code className="wrap-anywhere font-mono text-sm">{id}</code>
        </Fact>
      </dl>
      <ApprovalButtons
        app={{ id, name, version }}
        describedBy={`app-${id}`}
        approve={approve}
        refuse={refuse}
      />
    </Card>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-6 gap-y-0.5 py-2 sm:grid-cols-[9rem_minmax(0,1fr)]">
      <dt className="text-md text-soft">{title}</dt>
      <dd className="min-w-0 text-md">{children}</dd>
    </div>
  );
}

const words: Readonly<Record<string, { title: string }>> = catalogue;

function Scopes({ scopes }: Pick<WaitingApp, "scopes">) {
  return (
    <ul className="grid gap-0.5">
      {scopes.map((scope) => (
        <li key={scope}>
          {words[scope]?.title ?? scope} <code className="font-mono text-faint text-xs">{scope}</code>
        </li>
      ))}
    </ul>
  );
}

function Redirects({ redirect }: Pick<WaitingApp, "redirect">) {
  if (redirect.match === "origin_path")
    return (
      <>
        <code className="wrap-anywhere font-mono text-sm">{redirect.domain}</code>
        <span className="block text-faint text-sm">Any address at or below this one</span>
      </>
    );
  if (redirect.uris.length === 0) return <span className="text-faint">None: it sends nobody anywhere</span>;
  return (
    <ul className="grid gap-0.5">
      {redirect.uris.map((uri) => (
        <li key={uri} className="wrap-anywhere font-mono text-sm">
          {uri}
        </li>
      ))}
    </ul>
  );
}

/** The preset, and each switch that is weaker than current practice. */
function PolicyInWords({ policy }: Pick<WaitingApp, "policy">) {
  const weaker = describePolicy(policy).filter(({ legacy }) => legacy);
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        {presets[policy.preset].label}
        {weaker.length > 0 && <LegacyBadge />}
      </p>
      <ul className="text-faint text-sm">
        {weaker.map(({ key, title, value }) => (
          <li key={key}>
            {title}: {value}
          </li>
        ))}
      </ul>
    </>
  );
}
