/** One switch that is weaker than current practice somewhere, and every app for which it is. */
import Link from "next/link";
import { isUnneeded, type PostureLine, type PostureUse } from "@/lib/db/posture";
import { counted, logoSrc } from "./app-words";
import { Badge } from "./ui/badge";
import { Card, CardHead } from "./ui/card";
import { Logo } from "./ui/logo";
import { Moment } from "./ui/moment";
import { Cell, HeadCell, Row, Table } from "./ui/table";

interface PostureTableProps {
  line: PostureLine;
  /** Rows shown; the rest is behind `href`. */
  rows: number;
  href: string | null;
}

export function PostureTable({ line: { key, title, spec, uses }, rows, href }: PostureTableProps) {
  const unneeded = uses.filter(isUnneeded).length;
  const more = uses.length - rows;
  return (
    <section aria-labelledby={`switch-${key}`}>
      <Card>
        <CardHead
          id={`switch-${key}`}
          title={title}
          text={spec}
          aside={
            <span className="flex gap-1.5">
              <Badge>{counted(uses.length, "app")}</Badge>
              {unneeded > 0 && <Badge tone="good">{unneeded.toLocaleString("en-GB")} not needed</Badge>}
            </span>
          }
        />
        <Table caption={title} columns={["App", "Setting", "Since", "Until", "Last needed"]}>
          {uses.slice(0, rows).map((use) => (
            <UseRow key={use.app.id} use={use} />
          ))}
        </Table>
        {more > 0 && (
          <p className="border-line border-t px-5 py-3 text-md text-soft">
            {href ? (
              <Link href={href} className="font-medium text-accent-text hover:underline">
                Show all {counted(uses.length, "app")}
              </Link>
            ) : (
              `And ${counted(more, "app")} more, needed less often.`
            )}
          </p>
        )}
      </Card>
    </section>
  );
}

function UseRow({ use: { app, ownerName, value, since, until, need } }: { use: PostureUse }) {
  return (
    <Row>
      <HeadCell>
        <span className="flex min-w-0 items-center gap-2.5">
          <Logo name={app.name} src={logoSrc(app.logoId)} size="sm" />
          <span className="min-w-0">
            <Link
              href={`/admin/apps?${new URLSearchParams({ q: app.id })}`}
              className="wrap-anywhere block font-medium hover:underline"
            >
              {app.name}
            </Link>
            <span className="wrap-anywhere block text-faint text-sm">{ownerName}</span>
          </span>
        </span>
      </HeadCell>
      <Cell label="Setting" className="wrap-anywhere md:w-[26%]">
        {value}
      </Cell>
      <Cell label="Since" className="text-soft md:w-[13%]">
        <Dated at={since} none="Not noted" />
      </Cell>
      <Cell label="Until" className="text-soft md:w-[11%]">
        <Dated at={until} none="No end" />
      </Cell>
      <Cell label="Last needed" className="md:w-[22%]">
        <Need need={need} />
      </Cell>
    </Row>
  );
}

function Dated({ at, none }: { at: string | null; none: string }) {
  return at ? (
    <Moment at={new Date(at)} style="date" />
  ) : (
    <span className="whitespace-nowrap text-faint">{none}</span>
  );
}

function Need({ need }: Pick<PostureUse, "need">) {
  if (!need) return <span className="text-faint">Requests do not show it</span>;
  if (!need.lastAt)
    return (
      <span>
        <Badge tone="good">Can be tightened</Badge>
        <span className="block text-faint text-sm">Not needed in the last 30 days</span>
      </span>
    );
  return (
    <span>
      <Moment at={need.lastAt} />
      <span className="block text-faint text-sm">{counted(need.count, "request")} in 30 days</span>
    </span>
  );
}
