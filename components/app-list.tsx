/** The apps somebody maintains. */
import { ChevronRight } from "lucide";
import Link from "next/link";
import type { AppSummary, ListedApp } from "@/lib/db/apps";
import { AppBadges } from "./app-badges";
import { counted, logoSrc, redirectInWords } from "./app-words";
import { Card } from "./ui/card";
import { Icon } from "./ui/icon";
import { Logo } from "./ui/logo";
import { Moment } from "./ui/moment";

interface AppListProps {
  apps: readonly ListedApp[];
  /** Do all of them belong to the company the page is about? */
  inCompany?: boolean;
  /** The level of their names: one below the heading they stand under. */
  heading?: "h2" | "h3";
}

export function AppList({ apps, inCompany = false, heading = "h3" }: AppListProps) {
  return (
    <Card>
      <ul>
        {apps.map((app) => (
          <AppRow key={app.id} app={app} owner={inCompany ? null : app.company} heading={heading} />
        ))}
      </ul>
    </Card>
  );
}

/** What matters more than how an app is registered. */
const standing: Partial<Record<AppSummary["status"], string>> = {
  pending: "Waiting for approval",
  refused: "Refused: open it to read why",
};

interface AppRowProps {
  app: ListedApp;
  owner: ListedApp["company"];
  heading: "h2" | "h3";
}

/** The whole row is the link; the times above it keep their exact moment on hover. */
function AppRow({ app, owner, heading: Heading }: AppRowProps) {
  return (
    <li className="group relative grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3.5 border-line px-4 py-3.5 transition-colors not-first:border-t first:rounded-t-lg last:rounded-b-lg hover:bg-sunk/60 sm:px-5 lg:grid-cols-[auto_minmax(0,1fr)_8.5rem_9.5rem_9.5rem_auto]">
      <Logo name={app.name} src={logoSrc(app.logoId)} />
      <div className="min-w-0">
        <Heading className="truncate font-semibold text-base">
          <Link
            href={`/settings/api-access/apps/${app.id}`}
            className="after:absolute after:inset-0 after:rounded-lg focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2"
          >
            {app.name}
          </Link>
        </Heading>
        <p className="truncate text-faint text-sm">
          {owner && <span className="font-medium text-soft">{owner.name} · </span>}
          {standing[app.status] ??
            `${redirectInWords(app.redirect)} · ${counted(app.people, "person", "people")}`}
        </p>
      </div>
      <Icon
        of={ChevronRight}
        className="size-4 text-faint transition-transform group-hover:translate-x-0.5 lg:order-last"
      />
      <div className="col-span-2 col-start-2 mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-faint text-sm lg:contents">
        <span className="max-lg:hidden">
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
        <AppBadges {...app} />
      </div>
    </li>
  );
}
