/** An audit log in a table: when, who, what in words, which app. */
import Link from "next/link";
import type { AuditLogRow } from "@/lib/db/audit-log";
import { wordsOf } from "./audit-words";
import { Card } from "./ui/card";
import { Cell, HeadCell, Row, Table } from "./ui/table";
import { exactTime } from "./ui/time-in-words";

interface AuditTableProps {
  /** What the table lists, for screen readers. */
  caption: string;
  events: readonly AuditLogRow[];
  /** Address of the log of one person; their name is a link to it. */
  personHref?: (actorId: string) => string;
  /** Address of the log of one app, or of the app. */
  appHref?: (appId: string) => string;
  /** Address of the log of one company. Where it is given there is a column for companies. */
  companyHref?: (companyId: string) => string;
}

export function AuditTable({ caption, events, personHref, appHref, companyHref }: AuditTableProps) {
  const columns = ["What", "Who", "App", ...(companyHref ? ["Company"] : []), "When"];
  return (
    <Card>
      <Table caption={caption} columns={columns}>
        {events.map((event) => (
          <Row key={event.id}>
            <HeadCell>
              <What event={event} />
            </HeadCell>
            <Cell label="Who" className="md:min-w-32">
              <Who event={event} href={personHref} />
            </Cell>
            <Cell label="App">
              <Named of={event.app} nameless="An app that is gone" href={appHref} />
            </Cell>
            {companyHref && (
              <Cell label="Company">
                <Named of={event.company} nameless="A company that is gone" href={companyHref} />
              </Cell>
            )}
            <Cell label="When" className="text-soft text-sm">
              <time dateTime={event.at.toISOString()} className="min-w-36">
                {exactTime(event.at)}
              </time>
            </Cell>
          </Row>
        ))}
      </Table>
    </Card>
  );
}

function What({ event }: { event: AuditLogRow }) {
  const { title, lines } = wordsOf(event);
  const { subject } = event;
  return (
    <>
      <span className="wrap-anywhere block font-medium">{capitalised(title)}</span>
      {subject && (
        <span className="wrap-anywhere block text-soft text-sm">
          {subject.name ?? "Somebody who is gone"} {subject.email && `· ${subject.email}`}
        </span>
      )}
      {lines.map((line) => (
        <span key={line} className="wrap-anywhere block text-faint text-sm">
          {line}
        </span>
      ))}
    </>
  );
}

function Who({ event: { actor, action }, href }: { event: AuditLogRow; href?: (id: string) => string }) {
  if (!actor)
    return <span className="text-faint">{action === "policy.lapsed" ? "An end date" : "An app"}</span>;
  return <Named of={actor} nameless="Somebody who is gone" href={href} />;
}

interface NamedProps {
  of: { id: string; name: string | null } | null;
  nameless: string;
  href?: (id: string) => string;
}

/** A name, and the way to more of it where there is one. */
function Named({ of, nameless, href }: NamedProps) {
  if (!of) return <span className="text-faint">–</span>;
  const name = of.name ?? nameless;
  const look = of.name === null ? "wrap-anywhere text-faint" : "wrap-anywhere";
  if (!href) return <span className={look}>{name}</span>;
  return (
    <Link
      href={href(of.id)}
      className={`${look} underline decoration-edge underline-offset-2 hover:decoration-ink`}
    >
      {name}
    </Link>
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toLocaleUpperCase("en") + text.slice(1);
}
