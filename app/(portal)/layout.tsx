/** The portal: for signed-in people only, inside its shell. */
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { PortalShell } from "@/components/portal-shell";
import { requireUser } from "@/lib/server/session";

export default async function PortalLayout({ children }: { children: ReactNode }) {
  // Here and not only in the pages: a page with a loading state has already answered 200 when it looks.
  const path = (await headers()).get("x-latchkey-path") ?? "/settings/api-access/apps";
  const user = await requireUser(path);
  return <PortalShell user={user}>{children}</PortalShell>;
}
