/** What to do now: read the letter, or have it sent again. It says the same whoever has an account. */
import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { InteractionHead } from "@/components/interaction-head";
import { InteractionLink } from "@/components/interaction-link";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { FormError } from "@/components/ui/form-error";
import { Note } from "@/components/ui/note";
import { onTheWay } from "@/lib/server/destination";
import { runtime } from "@/lib/server/runtime";
import { waitText } from "@/lib/server/wait-text";
import { waitingCookie } from "@/lib/server/waiting";

export const metadata: Metadata = { title: "Confirm your e-mail" };

const query = z.object({
  again: z.literal("1").optional().catch(undefined),
  from: z.literal("sign-in").optional().catch(undefined),
  wait: z.coerce.number().int().min(1).max(86_400).optional().catch(undefined),
});

interface SentPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SentPage({ searchParams }: SentPageProps) {
  const { again, from, wait } = query.parse(await searchParams);
  const waiting = await waitingCookie.open(runtime(), (await headers()).get("cookie") ?? undefined);
  if (!waiting) redirect("/login");
  const address = <strong className="wrap-anywhere font-semibold text-ink">{waiting.email}</strong>;
  return (
    <>
      <InteractionHead title="Confirm your e-mail">
        {from ? (
          <>You can sign in once it is certain that {address} is yours. Open the link we sent there.</>
        ) : (
          <>We sent a letter to {address}. Open its link in this browser, within 24 hours.</>
        )}
      </InteractionHead>
      <Card className="grid gap-5 p-5 sm:p-7">
        <FormError text={wait ? waitText(wait, "letters were asked for from here") : undefined} />
        {again && !wait && <Note role="status">Another letter is on its way.</Note>}
        <form method="post" action="/sign-up/resend" className="grid gap-3">
          <p className="text-md text-soft">No letter? Look among the unwanted ones, or:</p>
          <Button type="submit" size="lg">
            Send again
          </Button>
        </form>
      </Card>
      <p className="mt-5 text-center">
        <InteractionLink href={onTheWay("/login", waiting)}>Back to sign-in</InteractionLink>
      </p>
    </>
  );
}
