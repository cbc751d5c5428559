/** The places a person is signed in at, each with a way to end it. */
import { Monitor, Smartphone } from "lucide";
import type { FormAction } from "./ui/action-state";
import { Badge } from "./ui/badge";
import { Card } from "./ui/card";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { Icon } from "./ui/icon";
import { Moment } from "./ui/moment";
import { ActionCell, Cell, HeadCell, Row, Table } from "./ui/table";

export interface SessionLine {
  id: string;
  device: { text: string; isPhone: boolean };
  address: string;
  createdAt: Date;
  lastActiveAt: Date | null;
  /** The one this page was asked for in. */
  isThis: boolean;
}

export function SessionTable({ sessions, end }: { sessions: readonly SessionLine[]; end: FormAction }) {
  return (
    <Card>
      <Table
        caption="Where you are signed in"
        columns={["Browser", "Address", "Signed in", "Last active"]}
        actions="End session"
      >
        {sessions.map((session) => (
          <Line key={session.id} session={session} end={end} />
        ))}
      </Table>
    </Card>
  );
}

function Line({ session, end }: { session: SessionLine; end: FormAction }) {
  const { id, device, address, createdAt, lastActiveAt, isThis } = session;
  return (
    <Row>
      <HeadCell id={`session-${id}`}>
        <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <Icon of={device.isPhone ? Smartphone : Monitor} className="size-4 shrink-0 text-faint" />
          <span className="font-medium">{device.text}</span>
          {isThis && <Badge tone="accent">This one</Badge>}
        </span>
      </HeadCell>
      <Cell label="Address" className="break-all text-soft">
        {address || "Unknown"}
      </Cell>
      <Cell label="Signed in" className="text-soft">
        <Moment at={createdAt} />
      </Cell>
      <Cell label="Last active" className="text-soft">
        <Moment at={lastActiveAt ?? createdAt} />
      </Cell>
      <ActionCell>
        <ConfirmDialog
          trigger="End session"
          triggerDescribedBy={`session-${id}`}
          title={isThis ? "End the session you are in?" : "End this session?"}
          confirm="End session"
          action={end}
          fields={{ session: id }}
          done="Session ended"
        >
          <p>
            <strong>{device.text}</strong> is signed out with its next request.{" "}
            {isThis && "You will have to sign in again."}
          </p>
        </ConfirmDialog>
      </ActionCell>
    </Row>
  );
}
