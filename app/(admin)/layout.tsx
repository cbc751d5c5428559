/** The administration: for instance admins only, inside the portal's shell; nobody else learns that it is there. */
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { PortalShell } from "@/components/portal-shell";
import { requireAdmin } from "@/lib/server/session";

export default async function AdminLayout({ children }: { children: ReactNode }) {
  // Here and not only in the pages: a page with a loading state has already answered 200 when it looks.
  const path = (await headers()).get("x-latchkey-path") ?? "/admin/apps";
  const user = await requireAdmin(path);
  return <PortalShell user={user}>{children}</PortalShell>;
}
