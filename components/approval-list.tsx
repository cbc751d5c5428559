/** Every app of the installation, whoever owns it. */
import Link from "next/link";
import type { AnyApp } from "@/lib/db/all-apps";
import { AppBadges } from "./app-badges";
import { kindWords, logoSrc } from "./app-words";
import { Badge } from "./ui/badge";
import { Card } from "./ui/card";
import { Logo } from "./ui/logo";
import { Moment } from "./ui/moment";

export function EveryApp({ apps }: { apps: readonly AnyApp[] }) {
  return (
    <Card>
      <ul>
        {apps.map((app) => (
          <Row key={app.id} app={app} />
        ))}
      </ul>
    </Card>
  );
}

function Row({ app }: { app: AnyApp }) {
  const kind = app.kind === "registered" ? null : kindWords[app.kind];
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3.5 gap-y-1.5 border-line px-4 py-3.5 not-first:border-t sm:px-5 lg:grid-cols-[auto_minmax(0,1fr)_9rem_9rem_9.5rem]">
      <Logo name={app.name} src={logoSrc(app.logoId)} />
      <div className="min-w-0">
        <h2 className="flex items-center gap-2 font-semibold text-base">
          <Link
            href={
              app.kind === "service_account"
                ? `/admin/service-accounts/${app.owner.id}`
                : `/admin/apps/${app.id}`
            }
            className="truncate rounded-sm underline-offset-4 hover:underline"
          >
            {app.name}
          </Link>
          {kind && <Badge>{kind}</Badge>}
        </h2>
        <p className="truncate text-faint text-sm">
          {app.owner.name} · <code className="font-mono text-xs">{app.id}</code>
        </p>
      </div>
      <div className="col-start-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-faint text-sm lg:contents">
        <span>
          Created <Moment at={app.createdAt} style="date" />
        </span>
        <span>
          {app.lastUsedAt ? (
            <>
              Used <Moment at={app.lastUsedAt} />
            </>
          ) : (
            "Never used"
          )}
        </span>
        <span className="lg:justify-self-end">
          <AppBadges {...app} />
        </span>
      </div>
      {app.status === "suspended" && app.suspension && (
        <p className="col-span-full col-start-2 wrap-anywhere whitespace-pre-line text-sm text-soft">
          “{app.suspension}”
        </p>
      )}
      {app.status === "refused" && app.refusal && (
        <p className="col-span-full col-start-2 wrap-anywhere whitespace-pre-line text-sm text-soft">
          “{app.refusal}”
        </p>
      )}
    </li>
  );
}
