/** Apps the signed-in person has allowed. */
import { ShieldCheck } from "lucide";
import type { Metadata } from "next";
import { ConsentList } from "@/components/consent-list";
import { ListHead } from "@/components/list-head";
import { EmptyState } from "@/components/ui/empty-state";
import { listConsents } from "@/lib/db/consents";
import { listReceipts } from "@/lib/db/receipts";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";
import { revokeAccess } from "./actions";

export const metadata: Metadata = { title: "Authorized apps" };

export default async function ConsentsPage() {
  const user = await requireUser("/settings/api-access/consents");
  const { db } = runtime();
  const [consents, receipts] = await Promise.all([listConsents(db, user.id), listReceipts(db, user.id)]);
  return (
    <section aria-labelledby="consents">
      <ListHead
        id="consents"
        title="Authorized apps"
        text="Apps you allowed to use your account. Taking it back ends every token the app holds for you."
      />
      {consents.length > 0 ? (
        <ConsentList consents={consents} receipts={receipts} revoke={revokeAccess} />
      ) : (
        <EmptyState
          icon={ShieldCheck}
          title="No app has access"
          text="When you allow an app to use your account, it is listed here with what it may do."
        />
      )}
    </section>
  );
}
