/** The latest of an audit log, and the way to the rest. */
import Link from "next/link";
import type { AuditLogRow } from "@/lib/db/audit-log";
import { AuditTable } from "./audit-table";
import { buttonClass } from "./ui/button";

interface RecentAuditProps {
  events: readonly AuditLogRow[];
  /** Address of all of it. */
  href: string;
}

/** Nothing where nothing has happened yet. */
export function RecentAudit({ events, href }: RecentAuditProps) {
  if (events.length === 0) return null;
  return (
    <section aria-labelledby="recent-audit">
      <div className="mb-2.5 flex items-center justify-between gap-3">
        <h2 id="recent-audit" className="font-semibold text-base">
          What happened lately
        </h2>
        <Link href={href} className={buttonClass({ size: "sm" })}>
          Open audit log
        </Link>
      </div>
      <AuditTable caption="What happened lately" events={events} />
    </section>
  );
}
