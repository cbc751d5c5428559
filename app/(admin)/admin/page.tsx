/** The administration at a glance: how much there is of everything, what waits, how strong it is. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { AdminOverview, PostureSummary, Signing } from "@/components/admin-overview";
import { PageHead } from "@/components/ui/page-head";
import { findOverview } from "@/lib/db/overview";
import { findPosture } from "@/lib/db/posture";
import { countWaiting } from "@/lib/db/registrations";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin } from "@/lib/server/session";

export const metadata: Metadata = { title: "Administration" };

export default async function AdminPage() {
  await requireAdmin("/admin");
  const { db, keys } = runtime();
  const [overview, waiting] = await Promise.all([findOverview(db), countWaiting(db)]);
  return (
    <>
      <PageHead title="Administration" text="What there is in this installation, and what needs you." />
      <div className="grid grid-cols-1 gap-5">
        <AdminOverview overview={overview} waiting={waiting} />
        {/* Looks at the policies of many apps: the page does not wait for it. */}
        <Suspense fallback={<PostureSummary posture={null} />}>
          <PostureCard />
        </Suspense>
        <Signing secrets={keys.readable.length} />
      </div>
    </>
  );
}

async function PostureCard() {
  return <PostureSummary posture={await findPosture(runtime().db)} />;
}
