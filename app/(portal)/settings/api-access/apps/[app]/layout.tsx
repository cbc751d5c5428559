/** One app's pages under one head. */
import type { Metadata } from "next";
import type { ReactNode } from "react";
import { AppBadges } from "@/components/app-badges";
import { logoSrc } from "@/components/app-words";
import { RegistrationNote } from "@/components/registration-note";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { Logo } from "@/components/ui/logo";
import { Moment } from "@/components/ui/moment";
import { PageHead } from "@/components/ui/page-head";
import { TabLinks } from "@/components/ui/tab-links";
import { type AppParams, findOwnApp, loadApp } from "./load-app";

export async function generateMetadata({ params }: AppParams): Promise<Metadata> {
  const { app } = await findOwnApp((await params).app);
  return { title: app?.name ?? "Not found" };
}

/** Looks the app up here, above every loading state, so that a 404 is one in its status, too. */
export default async function AppLayout({ params, children }: AppParams & { children: ReactNode }) {
  const { app } = await loadApp((await params).app);
  const base = `/settings/api-access/apps/${app.id}`;
  return (
    <>
      <Breadcrumbs trail={[{ href: "/settings/api-access/apps", label: "Developer apps" }]} here={app.name} />
      <PageHead
        title={app.name}
        picture={<Logo name={app.name} src={logoSrc(app.logoId)} size="lg" />}
        text={
          <span className="text-faint text-sm">
            Owned by {app.ownerName} · created <Moment at={app.createdAt} style="date" />
          </span>
        }
        aside={<AppBadges {...app} />}
      />
      <RegistrationNote app={app} />
      <TabLinks
        label={app.name}
        tabs={[
          { href: base, label: "Overview", also: `${base}/edit` },
          { href: `${base}/credentials`, label: "Credentials" },
          { href: `${base}/policy`, label: "Policy" },
          { href: `${base}/webhooks`, label: "Webhooks", below: true },
          { href: `${base}/activity`, label: "Activity" },
          ...(app.company && app.isOwner ? [{ href: `${base}/maintainers`, label: "Maintainers" }] : []),
        ]}
      />
      {children}
    </>
  );
}
