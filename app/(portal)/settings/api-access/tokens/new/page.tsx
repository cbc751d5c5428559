/** Making a personal token. */
import type { Metadata } from "next";
import { CreateToken } from "@/components/create-token";
import type { TokenFormChoices } from "@/components/create-token-form";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { basicScopes, type ScopeCatalogue, within } from "@/lib/oauth/scope";
import { runtime } from "@/lib/server/runtime";
import { requireUser, type SignedInUser } from "@/lib/server/session";
import { dayRange, lifetimeOptions, tokenMaker } from "@/lib/server/token-form";
import { createOneToken } from "./actions";

export const metadata: Metadata = { title: "Create token" };

export default async function NewTokenPage() {
  const user = await requireUser("/settings/api-access/tokens/new");
  return (
    <div className="mx-auto max-w-[44rem]">
      <Breadcrumbs
        trail={[{ href: "/settings/api-access/tokens", label: "Personal tokens" }]}
        here="New token"
      />
      <CreateToken action={createOneToken} choices={await choicesFor(user)} />
    </div>
  );
}

async function choicesFor(user: SignedInUser): Promise<TokenFormChoices> {
  const catalogue: ScopeCatalogue = runtime().as.scopes;
  const maker = await tokenMaker(user);
  return {
    scopes: maker.scopes.map((name) => ({
      name,
      title: catalogue[name]?.title ?? name,
      description: catalogue[name]?.description ?? "",
    })),
    companies: user.companies.map(({ id, name }) => ({ id, name })),
    lifetimes: lifetimeOptions(maker.endless),
    days: dayRange(maker.now),
    draft: {
      name: "",
      scopes: within(basicScopes(catalogue), maker.scopes),
      company: "all",
      expiration: "30",
      expiresOn: "",
    },
  };
}
