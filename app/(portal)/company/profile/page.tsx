/** A company at a glance: its name, its plan and how much there is of it. */
import type { Metadata } from "next";
import { z } from "zod";
import { CompanyNameForm } from "@/components/company-name-form";
import { CompanyPlan } from "@/components/company-plan";
import { Facts } from "@/components/facts";
import { NoCompany } from "@/components/no-company";
import { roleWords } from "@/components/role-words";
import { Badge } from "@/components/ui/badge";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Logo } from "@/components/ui/logo";
import { Moment } from "@/components/ui/moment";
import { Note } from "@/components/ui/note";
import { PageHead } from "@/components/ui/page-head";
import { findAdministrators, findCompanyProfile } from "@/lib/db/company-profile";
import { runtime } from "@/lib/server/runtime";
import type { SearchParams } from "../../settings/list-query";
import { loadCompany } from "../load-company";
import { renameOneCompany } from "./actions";

export const metadata: Metadata = { title: "Company profile" };

const query = z.object({ joined: z.literal("1").optional().catch(undefined) });

export default async function CompanyProfilePage({ searchParams }: { searchParams: SearchParams }) {
  const { user, company } = await loadCompany("/company/profile");
  const profile = company && (await findCompanyProfile(runtime().db, user.id, company.id));
  if (!profile) return <Nothing />;
  const { joined } = query.parse(await searchParams);
  const count = (number: number) => number.toLocaleString("en-GB");
  const isOwner = company.role === "owner";
  return (
    <>
      <PageHead
        title={profile.name}
        picture={<Logo name={profile.name} src={null} size="lg" />}
        text={
          <span className="text-faint text-sm">
            Created <Moment at={profile.createdAt} style="date" />
          </span>
        }
        aside={<Badge title={roleWords[company.role].meaning}>{roleWords[company.role].label}</Badge>}
      />
      <div className="grid grid-cols-1 gap-5">
        {joined && <Note role="status">Welcome. You belong to {profile.name} now.</Note>}
        <Facts
          facts={[
            { title: "Members", value: count(profile.members) },
            { title: "Apps", value: count(profile.apps), note: "owned by it" },
            { title: "API credentials", value: count(profile.credentials), note: "of its own" },
            { title: "Tokens", value: count(profile.tokens), note: "reach it now" },
          ]}
        />
        {isOwner && (
          <Card>
            <CardHead title="Name" text="People see it on consent screens and in what they are invited to." />
            <CardBody>
              <CompanyNameForm
                key={profile.name}
                company={profile.id}
                name={profile.name}
                action={renameOneCompany}
              />
            </CardBody>
          </Card>
        )}
        <CompanyPlan
          apiAccess={profile.apiAccess}
          administrators={company.manages ? await findAdministrators(runtime().db) : null}
        />
      </div>
    </>
  );
}

function Nothing() {
  return (
    <>
      <PageHead title="Company profile" />
      <NoCompany />
    </>
  );
}
