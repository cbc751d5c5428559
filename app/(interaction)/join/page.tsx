/** An invitation to a company, for whoever has its link: joining, signing in first, or making an account. */
import type { Metadata } from "next";
import { z } from "zod";
import { BrandMark } from "@/components/brand-mark";
import { JoinHead, NewPersonForm, OtherPerson, SignInFirst, Uninvited } from "@/components/join-invitation";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { findInvitation } from "@/lib/db/invitations";
import { runtime } from "@/lib/server/runtime";
import { currentUser } from "@/lib/server/session";

export const metadata: Metadata = { title: "Invitation", referrer: "same-origin" };

const text = z.string().max(200).optional().catch(undefined);
const query = z.object({
  link: z
    .string()
    .regex(/^[0-9A-Za-z]{1,100}$/)
    .catch(""),
  wrong: text,
  name: text,
});

interface JoinPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function JoinPage({ searchParams }: JoinPageProps) {
  const { link, wrong = "", name = "" } = query.parse(await searchParams);
  const [invitation, user] = await Promise.all([findInvitation(runtime().db, link), currentUser()]);
  if (!invitation) return <Uninvited isSignedIn={user !== null} />;
  const { company, email, hasAccount } = invitation;
  return (
    <>
      <div className="mb-6 grid justify-items-center">
        <BrandMark size="lg" />
      </div>
      <Card className="p-5 sm:p-7">
        <div className="grid gap-6">
          <JoinHead invitation={invitation} />
          {user && user.email !== email && (
            <OtherPerson email={email} signedInAs={user.email} here={`/join?link=${link}`} />
          )}
          {user?.email === email && (
            <form method="post" action="/join/accept" className="grid">
              <input type="hidden" name="link" value={link} />
              <Button type="submit" variant="primary" size="lg" className="max-w-full">
                <span className="truncate">Join {company.name}</span>
              </Button>
            </form>
          )}
          {!user && hasAccount && <SignInFirst email={email} here={`/join?link=${link}`} />}
          {!user && !hasAccount && (
            <NewPersonForm link={link} email={email} name={name} wrong={wrong.split(" ")} />
          )}
        </div>
      </Card>
    </>
  );
}
