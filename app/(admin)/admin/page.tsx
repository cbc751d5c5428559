/** The administration begins with the apps. */
import { redirect } from "next/navigation";
import { requireAdmin } from "@/lib/server/session";

export default async function AdminPage() {
  // Here as well as in the layout: both run at once, and the redirect must not win.
  await requireAdmin("/admin");
  redirect("/admin/apps");
}
