/** Who belongs to a company, and what is the company's own. */
import Link from "next/link";
import type { CompanyDetail } from "@/lib/db/all-companies";
import { AppStatusBadge } from "./app-badges";
import { counted, kindWords } from "./app-words";
import { LineList, lineLink } from "./line-list";
import { roleWords } from "./role-words";
import { Badge } from "./ui/badge";
import { Card, CardHead } from "./ui/card";

export function CompanyPeople({ company }: { company: CompanyDetail }) {
  const more = company.members - company.people.length;
  return (
    <Card>
      <CardHead
        title="Members"
        text={
          more > 0 ? `The first ${company.people.length}, and ${counted(more, "more", "more")}.` : undefined
        }
      />
      <LineList
        none="Nobody belongs to this company."
        lines={company.people.map(({ id, name, email, role, kind, status }) => ({
          key: id,
          title: (
            <Link
              href={kind === "service" ? `/admin/service-accounts/${id}` : `/admin/users/${id}`}
              className={lineLink}
            >
              {name}
            </Link>
          ),
          text: email,
          aside: (
            <span className="flex flex-wrap justify-end gap-1.5">
              {status === "suspended" && <Badge tone="bad">Suspended</Badge>}
              <Badge>{kind === "service" ? "Service account" : roleWords[role].label}</Badge>
            </span>
          ),
        }))}
      />
    </Card>
  );
}

export function CompanyApps({ company }: { company: CompanyDetail }) {
  return (
    <Card>
      <CardHead title="Apps" text="The company's own apps and credentials." />
      <LineList
        none="The company has no apps of its own."
        lines={company.apps.map(({ id, name, kind, status }) => ({
          key: id,
          title: (
            <Link href={`/admin/apps/${id}`} className={lineLink}>
              {name}
            </Link>
          ),
          text: (
            <>
              {kindWords[kind]} · <code className="font-mono text-xs">{id}</code>
            </>
          ),
          aside: <AppStatusBadge status={status} />,
        }))}
      />
    </Card>
  );
}
