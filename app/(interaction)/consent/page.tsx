/** The consent screen: who asks, for what, as which company, where to. */
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { z } from "zod";
import { BrandMark } from "@/components/brand-mark";
import { ConsentForm } from "@/components/consent-form";
import { Note } from "@/components/ui/note";
import { consentView } from "@/lib/server/consent-view";
import { currentUser } from "@/lib/server/session";

export const metadata: Metadata = { title: "Allow access?" };

const query = z.object({
  request: z.string().max(200).catch(""),
  changed: z.literal("1").optional().catch(undefined),
});

interface ConsentPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ConsentPage({ searchParams }: ConsentPageProps) {
  const { request, changed } = query.parse(await searchParams);
  const user = await currentUser();
  if (!user) redirect(`/login?${new URLSearchParams({ request })}`);
  const view = await consentView(request, user);
  if (!view) return <Expired />;
  const here = `/consent?${new URLSearchParams({ request })}`;
  return (
    <div className="grid gap-4">
      {changed && (
        <Note tone="warn" role="alert">
          What this app asks for has changed since you last saw it. Please look again.
        </Note>
      )}
      <ConsentForm view={view} />
      <div className="grid gap-1 px-3 text-center text-faint text-sm">
        <form method="post" action="/logout">
          <input type="hidden" name="next" value={here} />
          Signed in as <span className="font-medium text-soft">{view.userEmail}</span> · not you?{" "}
          <button
            type="submit"
            className="rounded-sm font-medium text-soft underline underline-offset-2 hover:text-ink"
          >
            Sign out
          </button>
        </form>
        <p>You can take this back at any time in Settings → API Access.</p>
      </div>
    </div>
  );
}

function Expired() {
  return (
    <div className="grid justify-items-center gap-5 text-center">
      <BrandMark size="lg" />
      <div className="grid gap-2">
        <h1 className="font-semibold text-2xl">This request has expired</h1>
        <p className="text-pretty text-soft">
          Nothing was allowed. Go back to the app you came from and start again from there.
        </p>
      </div>
    </div>
  );
}
