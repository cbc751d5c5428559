/** Making a personal token. A link may fill the form in (docs/api.md); it never sends it. */
import type { Metadata } from "next";
import { CreateToken } from "@/components/create-token";
import type { TokenFormChoices } from "@/components/create-token-form";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { basicScopes, type ScopeCatalogue, within } from "@/lib/oauth/scope";
import { runtime } from "@/lib/server/runtime";
import { requireUser, type SignedInUser } from "@/lib/server/session";
import {
  dayRange,
  lifetimeOptions,
  type TokenLink,
  tokenFromLink,
  tokenMaker,
} from "@/lib/server/token-form";
import { createOneToken } from "./actions";

export const metadata: Metadata = { title: "Create token" };

export default async function NewTokenPage({ searchParams }: { searchParams: Promise<TokenLink> }) {
  const link = await searchParams;
  const user = await requireUser(sameLink(link));
  return (
    <div className="mx-auto max-w-[44rem]">
      <Breadcrumbs
        trail={[{ href: "/settings/api-access/tokens", label: "Personal tokens" }]}
        here="New token"
      />
      <CreateToken action={createOneToken} choices={await choicesFor(user, link)} />
    </div>
  );
}

/** Where a person who has to sign in first comes back to: what the link asked for is still there. */
function sameLink(link: TokenLink): string {
  const words = ["name", "scopes", "expiration", "company"].flatMap((name) => {
    const value = link[name];
    return typeof value === "string" ? [[name, value.slice(0, 200)]] : [];
  });
  const path = "/settings/api-access/tokens/new";
  return words.length > 0 ? `${path}?${new URLSearchParams(words)}` : path;
}

async function choicesFor(user: SignedInUser, link: TokenLink): Promise<TokenFormChoices> {
  const catalogue: ScopeCatalogue = runtime().as.scopes;
  const maker = await tokenMaker(user);
  const asked = tokenFromLink(link, maker);
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
      addresses: "",
      ...asked,
    },
    isFromLink: asked !== null,
  };
}
