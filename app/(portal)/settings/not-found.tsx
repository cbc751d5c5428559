/** There is no such page in the settings: an app that was deleted, or somebody else's. */
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
      <p className="max-w-[40ch] text-soft">It may have been deleted, or it belongs to somebody else.</p>
      <Link href="/settings/api-access/apps" className={`${buttonClass()} mt-4`}>
        Go to your apps
      </Link>
    </div>
  );
}
