/** API Access begins with one's own apps. */
import { redirect } from "next/navigation";

export default function ApiAccessPage() {
  redirect("/settings/api-access/apps");
}
