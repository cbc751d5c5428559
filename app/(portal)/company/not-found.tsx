/** There is no such page in the company setup: credentials that were revoked, or a company of others. */
import { FileQuestionMark } from "lucide";
import type { Metadata } from "next";
import Link from "next/link";
import { buttonClass } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <div className="grid justify-items-center gap-2 py-24 text-center">
      <Icon of={FileQuestionMark} className="mb-2 size-8 text-faint" strokeWidth={1.5} />
      <h1 className="font-semibold text-xl">There is nothing here</h1>
      <p className="max-w-[40ch] text-soft">It may have been revoked, or it belongs to another company.</p>
      <Link href="/company/api" className={`${buttonClass()} mt-4`}>
        Go to API
      </Link>
    </div>
  );
}
