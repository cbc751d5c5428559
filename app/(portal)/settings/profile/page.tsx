/** Who one is: name, e-mail, password and other ways in, companies; and the way out. */
import type { Metadata } from "next";
import { z } from "zod";
import { DeleteAccount } from "@/components/delete-account";
import { EmailForm } from "@/components/email-form";
import { PasswordForm } from "@/components/password-form";
import { ProfileForm } from "@/components/profile-form";
import { roleWords } from "@/components/role-words";
import { SignInMethods } from "@/components/sign-in-methods";
import { Badge } from "@/components/ui/badge";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Logo } from "@/components/ui/logo";
import { Note } from "@/components/ui/note";
import { PageHead } from "@/components/ui/page-head";
import { COUNTED, findDeparture } from "@/lib/db/account-deletion";
import { listIdentities } from "@/lib/db/identities";
import { hasPassword } from "@/lib/db/passwords";
import { runtime } from "@/lib/server/runtime";
import { requireUser, type SignedInUser } from "@/lib/server/session";
import { ssoText } from "@/lib/server/sso-text";
import { saveProfile } from "./actions";
import { deleteOwnAccount } from "./delete-action";
import { askForEmail } from "./email-action";
import { savePassword } from "./password-action";
import { unlinkProvider } from "./unlink-action";

export const metadata: Metadata = { title: "Profile" };

const word = z.string().max(40).optional().catch(undefined);
const query = z.object({ notice: word, error: word });

interface ProfilePageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ProfilePage({ searchParams }: ProfilePageProps) {
  const { notice, error } = query.parse(await searchParams);
  const user = await requireUser("/settings/profile");
  const { db, sso } = runtime();
  const [isPasswordSet, identities, departure] = await Promise.all([
    hasPassword(db, user.id),
    listIdentities(db, user.id),
    findDeparture(db, user.id),
  ]);
  const said = notice && Object.hasOwn(notices, notice) ? notices[notice] : undefined;
  const problem = ssoText(error, sso?.name ?? "");
  return (
    <>
      <PageHead title="Profile" text="Who you are here, and where you belong." />
      <div className="grid max-w-[40rem] gap-5">
        {said && <Note role="status">{said}</Note>}
        {problem && (
          <Note tone="bad" role="alert">
            {problem}
          </Note>
        )}
        <Card>
          <CardHead title="You" aside={user.isAdmin && <Badge tone="accent">Administrator</Badge>} />
          <CardBody>
            <ProfileForm name={user.name} email={user.email} action={saveProfile} />
          </CardBody>
        </Card>
        <Card>
          <CardHead
            title="E-mail address"
            text="It changes when you follow the link in the letter that we send to the new one."
          />
          <CardBody>
            <EmailForm email={user.email} hasPassword={isPasswordSet} action={askForEmail} />
          </CardBody>
        </Card>
        <Card>
          <CardHead
            title="Password"
            text="Changing it signs you out everywhere at once, here too. Then sign in with the new one."
          />
          <CardBody>
            {isPasswordSet ? (
              <PasswordForm email={user.email} action={savePassword} />
            ) : (
              <p className="text-md text-soft">
                You have none. To set one, sign out and choose “Forgot password?” at the sign-in.
              </p>
            )}
          </CardBody>
        </Card>
        {(sso || identities.length > 0) && (
          <SignInMethods
            hasPassword={isPasswordSet}
            provider={sso && { name: sso.name, issuer: sso.issuer }}
            identities={identities}
            unlink={unlinkProvider}
          />
        )}
        <Card>
          <CardHead title="Companies" text="Apps act for one of these at a time." />
          <Companies companies={user.companies} />
        </Card>
        <DeleteAccount
          email={user.email}
          departure={departure}
          countedTo={COUNTED}
          action={deleteOwnAccount}
        />
      </div>
    </>
  );
}

/** What has just happened, by the word in the address. */
const notices: Record<string, string> = {
  email: "Your e-mail address is changed.",
  "email-taken": "This address has got an account of its own meanwhile, so nothing was changed.",
  "sso-linked": "It is linked. From now on you can sign in with it.",
  "sso-taken": "This is linked to another account here. Unlink it there first.",
};

function Companies({ companies }: Pick<SignedInUser, "companies">) {
  if (companies.length === 0) return <p className="px-5 py-6 text-md text-soft">You belong to no company.</p>;
  return (
    <ul>
      {companies.map((company) => (
        <li
          key={company.id}
          className="flex items-center gap-3 border-line px-4 py-3 not-first:border-t sm:px-5"
        >
          <Logo name={company.name} src={null} />
          <span className="min-w-0 flex-1 truncate font-medium">{company.name}</span>
          <Badge>{roleWords[company.role].label}</Badge>
        </li>
      ))}
    </ul>
  );
}
