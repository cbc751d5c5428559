/** There is no such page. */
import type { Metadata } from "next";
import Link from "next/link";
import { CalmPage } from "@/components/calm-page";
import { buttonClass } from "@/components/ui/button";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <CalmPage
      title="There is nothing here"
      action={
        <Link href="/settings/api-access/apps" className={buttonClass()}>
          Go to your apps
        </Link>
      }
    >
      The page may have moved, been deleted, or belong to somebody else.
    </CalmPage>
  );
}
