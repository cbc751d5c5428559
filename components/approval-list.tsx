/** Every app of the installation, whoever owns it. */
import type { AnyApp } from "@/lib/db/all-apps";
import { AppBadges } from "./app-badges";
import { logoSrc } from "./app-words";
import { Badge } from "./ui/badge";
import { Card } from "./ui/card";
import { Logo } from "./ui/logo";
import { Moment } from "./ui/moment";

const kinds: Record<AnyApp["kind"], string | null> = {
  registered: null,
  credential: "Company credential",
  service_account: "Service account",
};

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
  const kind = kinds[app.kind];
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3.5 gap-y-1.5 border-line px-4 py-3.5 not-first:border-t sm:px-5 lg:grid-cols-[auto_minmax(0,1fr)_9rem_9rem_9.5rem]">
      <Logo name={app.name} src={logoSrc(app.logoId)} />
      <div className="min-w-0">
        <h2 className="flex items-center gap-2 font-semibold text-base">
          <span className="truncate">{app.name}</span>
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
          <AppBadges status={app.status} policy={app.policy} />
        </span>
      </div>
      {app.status === "refused" && app.refusal && (
        <p className="col-span-full col-start-2 wrap-anywhere whitespace-pre-line text-sm text-soft">
          “{app.refusal}”
        </p>
      )}
    </li>
  );
}
