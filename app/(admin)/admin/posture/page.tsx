/** Where the installation is weaker than current practice, and what could be tightened without anybody noticing. */
import { ShieldCheck } from "lucide";
import type { Metadata } from "next";
import { z } from "zod";
import type { SearchParams } from "@/app/(portal)/settings/list-query";
import { Facts } from "@/components/facts";
import { PostureInstallation } from "@/components/posture-installation";
import { PostureTable } from "@/components/posture-table";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { EmptyState } from "@/components/ui/empty-state";
import { Note } from "@/components/ui/note";
import { PageHead } from "@/components/ui/page-head";
import { countEndlessTokens, findPosture, isUnneeded, type Posture } from "@/lib/db/posture";
import { runtime } from "@/lib/server/runtime";
import { requireAdmin } from "@/lib/server/session";

export const metadata: Metadata = { title: "Posture" };

const path = "/admin/posture";
/** Rows of one switch, among others and on its own page. */
const FEW = 8;
const MANY = 200;

const query = z.object({ switch: z.string().max(64).optional().catch(undefined) });

export default async function PosturePage({ searchParams }: { searchParams: SearchParams }) {
  const { switch: only } = query.parse(await searchParams);
  await requireAdmin(path);
  const posture = await findPosture(runtime().db);
  const one = posture.lines.find(({ key }) => key === only);
  if (one)
    return (
      <>
        <Breadcrumbs trail={[{ href: path, label: "Posture" }]} here={one.title} />
        <PageHead title={one.title} text="Apps for which this is weaker than current practice." />
        <PostureTable line={one} rows={MANY} href={null} />
      </>
    );
  return (
    <>
      <PageHead
        title="Posture"
        text="Every switch that is weaker than current practice: where, since when, and when it was last needed."
      />
      <div className="grid grid-cols-1 gap-5">
        {!posture.complete && (
          <Note tone="warn">There are more apps than this page looks at: it shows the oldest ones.</Note>
        )}
        <Installation posture={posture} />
        {posture.lines.length > 0 ? <Lines posture={posture} /> : <AllWell />}
      </div>
    </>
  );
}

async function Installation({ posture }: { posture: Posture }) {
  const { db, as } = runtime();
  const uses = (key: string) => posture.lines.find((line) => line.key === key)?.uses.length ?? 0;
  return (
    <PostureInstallation
      instance={await as.store.findInstance()}
      uses={{
        implicit: uses("implicit"),
        password: uses("password"),
        endless: await countEndlessTokens(db),
      }}
    />
  );
}

function Lines({ posture: { lines, apps } }: { posture: Posture }) {
  const uses = lines.flatMap((line) => line.uses);
  const count = (number: number) => number.toLocaleString("en-GB");
  return (
    <>
      <Facts
        facts={[
          { title: "Apps", value: count(apps), note: "weaker somewhere" },
          { title: "Switches", value: count(uses.length), note: "of these apps" },
          { title: "Not needed", value: count(uses.filter(isUnneeded).length), note: "in the last 30 days" },
          {
            title: "With an end",
            value: count(uses.filter(({ until }) => until !== null).length),
            note: "fall back by themselves",
          },
        ]}
      />
      {lines.map((line) => (
        <PostureTable
          key={line.key}
          line={line}
          rows={FEW}
          href={`${path}?${new URLSearchParams({ switch: line.key })}`}
        />
      ))}
    </>
  );
}

function AllWell() {
  return (
    <EmptyState
      heading="h2"
      icon={ShieldCheck}
      title="Nothing weaker than current practice"
      text="When an app's policy is loosened, the switch appears here with the date and the last request that needed it."
    />
  );
}
