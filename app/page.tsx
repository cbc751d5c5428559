/** The start of the portal is a developer's apps. */
import { redirect } from "next/navigation";

export default function Home() {
  redirect("/settings/api-access/apps");
}
