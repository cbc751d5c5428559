/** A company's API credentials, for those who manage them; for others, why not and whom to ask. */
import { KeyRound } from "lucide";
import type { Metadata } from "next";
import { CompanyCredentials } from "@/components/company-credentials";
import { NoPlan, NotManaging } from "@/components/company-refusal";
import { CreateCredentialButton } from "@/components/create-credential-button";
import { CredentialKinds } from "@/components/credential-kinds";
import { NoCompany } from "@/components/no-company";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHead } from "@/components/ui/page-head";
import { Pagination } from "@/components/ui/pagination";
import type { Standing } from "@/lib/db/company-roles";
import { listCompanyCredentials } from "@/lib/db/credentials";
import { runtime } from "@/lib/server/runtime";
import { listHref, listQuery, type SearchParams } from "../../settings/list-query";
import { loadCompany } from "../load-company";
import { revokeOne } from "./actions";

export const metadata: Metadata = { title: "API" };

const path = "/company/api";

export default async function ApiPage({ searchParams }: { searchParams: SearchParams }) {
  const { after } = await listQuery(searchParams);
  const { user, company } = await loadCompany(listHref(path, { after }));
  const mayCreate = company?.manages && company.apiAccess;
  return (
    <>
      <PageHead
        title="API"
        text={
          company
            ? `Credentials with which servers reach the projects of ${company.name}. They belong to the company, not to whoever makes them.`
            : "Credentials with which a company's servers reach its projects."
        }
        aside={mayCreate && <CreateCredentialButton />}
      />
      {company ? <Credentials userId={user.id} company={company} after={after} /> : <NoCompany />}
    </>
  );
}

interface CredentialsProps {
  userId: string;
  company: Standing;
  after: string | undefined;
}

async function Credentials({ userId, company, after }: CredentialsProps) {
  if (!company.manages) return <NotManaging company={company} />;
  const { credentials, next } = await listCompanyCredentials(runtime().db, userId, company.id, { after });
  return (
    <div className="grid grid-cols-1 gap-5">
      {!company.apiAccess && <NoPlan company={company} />}
      {credentials.length > 0 && (
        <CompanyCredentials company={company.name} credentials={credentials} revoke={revokeOne} />
      )}
      {credentials.length === 0 && company.apiAccess && <NoCredentials more={after !== undefined} />}
      <Pagination start={after ? path : null} next={next && listHref(path, { after: next })} />
      {company.apiAccess && <CredentialKinds />}
    </div>
  );
}

function NoCredentials({ more }: { more: boolean }) {
  return (
    <EmptyState
      heading="h2"
      icon={KeyRound}
      title={more ? "Nothing more" : "No credentials yet"}
      text="Make a set for each integration, so that one can be revoked without stopping the others."
    />
  );
}
