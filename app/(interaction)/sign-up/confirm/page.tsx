/** The letter's link in a browser that did not ask for it: the password shows that it was the same person. */
import type { Metadata } from "next";
import { z } from "zod";
import { InteractionHead } from "@/components/interaction-head";
import { LinkEnded } from "@/components/link-ended";
import { Button, buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { FormError } from "@/components/ui/form-error";
import { TextField } from "@/components/ui/text-field";
import { findLink } from "@/lib/db/one-time-links";
import { runtime } from "@/lib/server/runtime";
import { waitText } from "@/lib/server/wait-text";

export const metadata: Metadata = { title: "Confirm your e-mail" };

const query = z.object({
  link: z.string().max(100).catch(""),
  error: z.literal("credentials").optional().catch(undefined),
  wait: z.coerce.number().int().min(1).max(86_400).optional().catch(undefined),
});

interface ConfirmAddressPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ConfirmAddressPage({ searchParams }: ConfirmAddressPageProps) {
  const { link, error, wait } = query.parse(await searchParams);
  const { db } = runtime();
  const found =
    link === ""
      ? null
      : ((await findLink(db, "sign_up", link)) ?? (await findLink(db, "verify_email", link)));
  if (!found)
    return (
      <LinkEnded>
        <a href="/login" className={buttonClass({ variant: "primary", size: "lg" })}>
          Sign in
        </a>
      </LinkEnded>
    );
  const problem = wait ? waitText(wait) : error && "This is not the password that was chosen.";
  return (
    <>
      <InteractionHead title="Confirm your e-mail">
        Somebody makes an account with{" "}
        <strong className="wrap-anywhere font-semibold text-ink">{found.email}</strong>. If it is you, enter
        the password you chose. If not, close this page: there will be no account.
      </InteractionHead>
      <Card className="p-5 sm:p-7">
        <form method="post" action="/sign-up/confirm/check" className="grid gap-5">
          <FormError text={problem} />
          <input type="hidden" name="link" value={link} />
          <input type="hidden" name="username" autoComplete="username" value={found.email ?? ""} readOnly />
          <TextField
            id="password"
            name="password"
            label="Password"
            type="password"
            autoComplete="current-password"
            required
            autoFocus
          />
          <Button type="submit" variant="primary" size="lg">
            Confirm email
          </Button>
        </form>
      </Card>
    </>
  );
}
