/** A service account at a glance, and what its password is good for. */
import Link from "next/link";
import type { ServiceAccountDetail } from "@/lib/db/service-accounts";
import { Facts } from "./facts";
import { Moment } from "./ui/moment";
import { Note } from "./ui/note";

export function ServiceAccountFacts({ account }: { account: ServiceAccountDetail }) {
  const { lastUsedAt, liveTokens, secrets, createdAt, createdBy } = account;
  const state = account.status === "active" ? "work now" : "stopped";
  return (
    <Facts
      facts={[
        {
          title: "Last used",
          value: lastUsedAt ? <Moment at={lastUsedAt} /> : "Never",
          note: "key or password",
        },
        { title: "Tokens", value: liveTokens.toLocaleString("en-GB"), note: state },
        { title: "Secrets", value: secrets.length.toLocaleString("en-GB"), note: state },
        {
          title: "Created",
          value: <Moment at={createdAt} style="date" />,
          note: createdBy && `by ${createdBy}`,
        },
      ]}
    />
  );
}

export function PasswordNote({ on }: { on: boolean }) {
  const settings = (
    <Link href="/admin/settings" className="font-medium underline underline-offset-4">
      Settings
    </Link>
  );
  return on ? (
    <Note>
      The password grant is on here, in {settings}. The app that sends the password needs its own switch as
      well, with an end date.
    </Note>
  ) : (
    <Note>The password grant is off here: until it is on in {settings}, the password opens nothing.</Note>
  );
}
