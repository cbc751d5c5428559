/** Where one is signed in, and the way to end it. */
import type { Metadata } from "next";
import { SessionTable } from "@/components/session-table";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { PageHead } from "@/components/ui/page-head";
import { Pagination } from "@/components/ui/pagination";
import { listSessions } from "@/lib/db/own-sessions";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";
import { deviceInWords } from "@/lib/server/user-agent";
import { listHref, listQuery, type SearchParams } from "../list-query";
import { endEveryOtherSession, endOneSession } from "./actions";

export const metadata: Metadata = { title: "Sessions" };

const path = "/settings/sessions";

export default async function SessionsPage({ searchParams }: { searchParams: SearchParams }) {
  const { after } = await listQuery(searchParams);
  const user = await requireUser(listHref(path, { after }));
  const { sessions, next } = await listSessions(runtime().db, user.id, { after });
  const rows = sessions.map(({ userAgent, ...session }) => ({
    ...session,
    device: deviceInWords(userAgent),
    isThis: session.id === user.sessionId,
  }));
  const areOthers = after !== undefined || rows.length > 1;
  return (
    <>
      <PageHead
        title="Sessions"
        text="Where you are signed in. End what you do not recognise, and change your password."
        aside={
          areOthers && (
            <ConfirmDialog
              trigger="End all other sessions"
              title="End all other sessions?"
              confirm="End all other sessions"
              action={endEveryOtherSession}
              fields={{}}
              done="All other sessions ended"
            >
              <p>Every browser but this one is signed out with its next request.</p>
            </ConfirmDialog>
          )
        }
      />
      <SessionTable sessions={rows} end={endOneSession} />
      <Pagination start={after ? path : null} next={next && listHref(path, { after: next })} />
    </>
  );
}
