/** The three lists of API Access under one head. */
import type { ReactNode } from "react";
import { PageHead } from "@/components/ui/page-head";
import { TabLinks } from "@/components/ui/tab-links";

const tabs = [
  { href: "/settings/api-access/apps", label: "Developer apps" },
  { href: "/settings/api-access/tokens", label: "Personal tokens" },
  { href: "/settings/api-access/consents", label: "Authorized apps" },
];

export default function ApiAccessLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <PageHead title="API Access" text="Apps, tokens and permissions that reach your data." />
      <TabLinks label="API Access" tabs={tabs} />
      {children}
    </>
  );
}
