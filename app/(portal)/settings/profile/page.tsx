/** Who one is: name, e-mail, companies. */
import type { Metadata } from "next";
import { PasswordForm } from "@/components/password-form";
import { ProfileForm } from "@/components/profile-form";
import { Badge } from "@/components/ui/badge";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Logo } from "@/components/ui/logo";
import { PageHead } from "@/components/ui/page-head";
import { requireUser, type SignedInUser } from "@/lib/server/session";
import { saveProfile } from "./actions";
import { savePassword } from "./password-action";

export const metadata: Metadata = { title: "Profile" };

export default async function ProfilePage() {
  const user = await requireUser("/settings/profile");
  return (
    <>
      <PageHead title="Profile" text="Who you are here, and where you belong." />
      <div className="grid max-w-[40rem] gap-5">
        <Card>
          <CardHead title="You" aside={user.isAdmin && <Badge tone="accent">Administrator</Badge>} />
          <CardBody>
            <ProfileForm name={user.name} email={user.email} action={saveProfile} />
          </CardBody>
        </Card>
        <Card>
          <CardHead
            title="Password"
            text="Changing it signs you out everywhere at once, here too. Then sign in with the new one."
          />
          <CardBody>
            <PasswordForm email={user.email} action={savePassword} />
          </CardBody>
        </Card>
        <Card>
          <CardHead title="Companies" text="Apps act for one of these at a time." />
          <Companies companies={user.companies} />
        </Card>
      </div>
    </>
  );
}

const roles: Record<SignedInUser["companies"][number]["role"], string> = {
  owner: "Owner",
  auth_manager: "Auth manager",
  member: "Member",
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
          <Badge>{roles[company.role]}</Badge>
        </li>
      ))}
    </ul>
  );
}
