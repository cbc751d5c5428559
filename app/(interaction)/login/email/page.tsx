/** The link in the letter to a new address: one button, for the person who asked. */
import type { Metadata } from "next";
import { z } from "zod";
import { InteractionHead } from "@/components/interaction-head";
import { LinkEnded } from "@/components/link-ended";
import { Button, buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { findLink } from "@/lib/db/one-time-links";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";

export const metadata: Metadata = { title: "New e-mail" };

const query = z.object({ link: z.string().max(100).catch("") });

interface ChangeEmailPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ChangeEmailPage({ searchParams }: ChangeEmailPageProps) {
  const { link } = query.parse(await searchParams);
  const user = await requireUser(`/login/email?${new URLSearchParams({ link })}`);
  const found = link === "" ? null : await findLink(runtime().db, "change_email", link);
  if (!found)
    return (
      <LinkEnded>
        <a href="/settings/profile" className={buttonClass({ variant: "primary", size: "lg" })}>
          Go to your profile
        </a>
      </LinkEnded>
    );
  if (found.userId !== user.id) return <SomebodyElse email={user.email} />;
  return (
    <>
      <InteractionHead title="Change your e-mail">
        From now on you sign in with{" "}
        <strong className="wrap-anywhere font-semibold text-ink">{found.email}</strong>, and letters go there.
      </InteractionHead>
      <Card className="p-5 sm:p-7">
        <form method="post" action="/login/email/change" className="grid">
          <input type="hidden" name="link" value={link} />
          <Button type="submit" variant="primary" size="lg">
            Change email
          </Button>
        </form>
      </Card>
    </>
  );
}

function SomebodyElse({ email }: { email: string }) {
  return (
    <>
      <InteractionHead title="This link is not for you">
        You are signed in as <strong className="wrap-anywhere font-semibold text-ink">{email}</strong>. Sign
        in to the account that is to get the new address, then open the link again.
      </InteractionHead>
      <form method="post" action="/logout" className="text-center">
        <Button type="submit" variant="primary" size="lg">
          Sign out
        </Button>
      </form>
    </>
  );
}
