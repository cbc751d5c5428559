/** An installation in numbers, each with the way to what it counts. */
import Link from "next/link";
import type { ReactNode } from "react";
import type { About, Overview } from "@/lib/db/overview";
import { isUnneeded, type Posture } from "@/lib/db/posture";
import { counted } from "./app-words";
import { Facts } from "./facts";
import { LineList } from "./line-list";
import { Badge } from "./ui/badge";
import { buttonClass } from "./ui/button";
import { Card, CardHead } from "./ui/card";

interface AdminOverviewProps {
  overview: Overview;
  /** Apps that wait for approval. */
  waiting: number;
}

export function AdminOverview({ overview, waiting }: AdminOverviewProps) {
  const { users, companies, apps, tokens } = overview;
  const kinds = [
    {
      key: "access",
      title: "Access tokens",
      text: "Issued to apps by the OAuth endpoints.",
      of: tokens.access,
    },
    {
      key: "personal",
      title: "Personal tokens",
      text: "Made by people for themselves.",
      of: tokens.personal,
    },
    { key: "legacy", title: "Legacy tokens", text: "Made by companies for old programs.", of: tokens.legacy },
  ];
  return (
    <>
      <Facts
        facts={[
          { title: "Users", value: <To href="/admin/users">{inWords(users)}</To> },
          { title: "Companies", value: <To href="/admin/companies">{inWords(companies)}</To> },
          { title: "Apps", value: <To href="/admin/apps?show=all">{inWords(apps)}</To> },
          {
            title: "Waiting",
            value: <To href="/admin/apps?show=waiting">{waiting.toLocaleString("en-GB")}</To>,
            note: waiting === 1 ? "app for a decision" : "apps for a decision",
          },
        ]}
      />
      <Card>
        <CardHead title="Live tokens" text="What would be accepted now, by what they are." />
        <LineList
          none="There are none."
          lines={kinds.map(({ of, ...line }) => ({
            ...line,
            aside: <span className="font-semibold tabular-nums">{inWords(of)}</span>,
          }))}
        />
      </Card>
    </>
  );
}

/** @param posture null while it is looked up */
export function PostureSummary({ posture }: { posture: Posture | null }) {
  return (
    <Card>
      <CardHead
        title="Posture"
        text={posture ? postureInWords(posture) : "Looking at the policies of all apps …"}
        aside={
          <Link href="/admin/posture" className={buttonClass({ size: "sm" })}>
            Open posture
          </Link>
        }
      />
    </Card>
  );
}

function postureInWords({ apps, lines }: Posture): string {
  if (apps === 0) return "No app is weaker than current practice.";
  const unneeded = lines.flatMap((line) => line.uses).filter(isUnneeded).length;
  const weaker = counted(apps, "app is", "apps are");
  const switches = counted(unneeded, "switch was", "switches were");
  return `${weaker} weaker than current practice somewhere; ${switches} not needed in the last 30 days.`;
}

/** @param secrets how many secrets what exists may be signed with */
export function Signing({ secrets }: { secrets: number }) {
  const isReplacing = secrets > 1;
  return (
    <Card>
      <CardHead
        title="Signing"
        text={
          isReplacing
            ? "Sessions are signed with AUTH_SECRET; what AUTH_SECRET_PREVIOUS signed is still read. Remove it once the sessions of before have ended."
            : "Sessions are signed with AUTH_SECRET; nothing else is read."
        }
        aside={
          isReplacing ? <Badge tone="warn">Current and previous</Badge> : <Badge tone="good">Current</Badge>
        }
      />
    </Card>
  );
}

function To({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} className="rounded-sm underline-offset-4 hover:underline">
      {children}
    </Link>
  );
}

/** A sample in which there was none does not say that there is none. */
function inWords({ count, exact }: About): string {
  if (!exact && count === 0) return "very few";
  return `${exact ? "" : "about "}${count.toLocaleString("en-GB")}`;
}
