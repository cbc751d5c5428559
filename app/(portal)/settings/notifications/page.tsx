/** Which letters one gets. */
import type { Metadata } from "next";
import { noticeChoices } from "@/components/notice-words";
import { NotificationForm } from "@/components/notification-form";
import { PageHead } from "@/components/ui/page-head";
import { findNoticePreferences } from "@/lib/db/notice-preferences";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";
import { savePreferences } from "./actions";

export const metadata: Metadata = { title: "Notifications" };

export default async function NotificationsPage() {
  const user = await requireUser("/settings/notifications");
  const wanted = await findNoticePreferences(runtime().db, user.id);
  return (
    <div className="max-w-[44rem]">
      <PageHead
        title="Notifications"
        text={
          <>
            Letters to <strong className="wrap-anywhere font-medium text-ink">{user.email}</strong> about what
            you own and what acts as you.
          </>
        }
      />
      <NotificationForm action={savePreferences} choices={noticeChoices(wanted, user.isAdmin)} />
    </div>
  );
}
