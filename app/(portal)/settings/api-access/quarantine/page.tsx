/** Credentials that were reported as leaked and wait for a decision. */
import { ShieldCheck } from "lucide";
import type { Metadata } from "next";
import { QuarantineList } from "@/components/quarantine-list";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHead } from "@/components/ui/page-head";
import { listQuarantined } from "@/lib/db/quarantine";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";
import { endOne, restoreOne } from "./actions";

export const metadata: Metadata = { title: "Quarantine" };

export default async function QuarantinePage() {
  const user = await requireUser("/settings/api-access/quarantine");
  const credentials = await listQuarantined(runtime().db, user.id);
  return (
    <>
      <Breadcrumbs trail={[{ href: "/settings/api-access/tokens", label: "API Access" }]} here="Quarantine" />
      <PageHead
        title="Quarantine"
        text="Somebody reported these as leaked, so they stopped working. After 30 days without a decision they end for good."
      />
      {credentials.length > 0 ? (
        <QuarantineList credentials={credentials} restore={restoreOne} end={endOne} />
      ) : (
        <EmptyState
          heading="h2"
          icon={ShieldCheck}
          title="Nothing is in quarantine"
          text="A token or secret of yours that somebody reports as leaked stops at once and is listed here."
        />
      )}
    </>
  );
}
