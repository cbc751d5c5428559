/** Where an app stands with whoever approves it, for the one who asked. */
import Link from "next/link";
import type { AppSummary } from "@/lib/db/apps";
import { counted } from "./app-words";
import { buttonClass } from "./ui/button";
import { Note } from "./ui/note";

/** The head of the form where an administrator is to approve. */
export function RequestHead() {
  return (
    <div className="mb-5">
      <h1 className="font-semibold text-2xl">Request an app</h1>
      <p className="max-w-[62ch] text-soft">
        You get its credentials at once and can try it yourself. Other people can allow it when an
        administrator has approved it.
      </p>
    </div>
  );
}

export function WaitingNote() {
  return (
    <Note tone="warn">
      <strong>Waiting for approval.</strong> Until an administrator approves it, the app works for you alone.
    </Note>
  );
}

type Standing = Pick<AppSummary, "id" | "status" | "refusal" | "suspension">;

/** Nothing for an app that needs no word about it. */
export function RegistrationNote({ app }: { app: Standing }) {
  if (app.status === "active") return null;
  return (
    <div className="mb-5">
      {app.status === "pending" && <WaitingNote />}
      {app.status === "refused" && <RefusedNote app={app} />}
      {app.status === "suspended" && <SuspendedNote app={app} />}
    </div>
  );
}

/** @param app with the reason as the administrator wrote it */
function SuspendedNote({ app }: { app: Pick<AppSummary, "suspension"> }) {
  return (
    <Note tone="bad">
      <p>
        <strong>An administrator suspended this app.</strong> It works for nobody until they resume it.
      </p>
      {app.suspension && (
        <p className="mt-1 wrap-anywhere whitespace-pre-line text-ink">“{app.suspension}”</p>
      )}
    </Note>
  );
}

function RefusedNote({ app }: { app: Pick<AppSummary, "id" | "refusal"> }) {
  return (
    <Note tone="bad">
      <p>
        <strong>An administrator refused this app.</strong> It works for nobody now.
      </p>
      {app.refusal && <p className="mt-1 wrap-anywhere whitespace-pre-line text-ink">“{app.refusal}”</p>}
      <Link
        href={`/settings/api-access/apps/${app.id}/edit`}
        className={`${buttonClass({ size: "sm" })} mt-3 mb-1`}
      >
        Edit and ask again
      </Link>
    </Note>
  );
}

/** Above a form that changes an approved app. */
export function ReviewNote({ people }: { people: number }) {
  return (
    <Note tone="warn">
      <strong>Apps are approved here.</strong> Another name, logo or redirect address, one more scope or a
      looser policy waits for approval again, and until then the app works for you alone
      {people > 0 && <>: {counted(people, "person", "people")} would have to wait</>}. Less of anything takes
      effect at once.
    </Note>
  );
}
