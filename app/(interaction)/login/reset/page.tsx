/** Setting a new password with the link that was sent. */
import type { Metadata } from "next";
import { z } from "zod";
import { InteractionHead } from "@/components/interaction-head";
import { LinkEnded } from "@/components/link-ended";
import { NewPasswordForm } from "@/components/new-password-form";
import { buttonClass } from "@/components/ui/button";
import { CheckField } from "@/components/ui/check-field";
import { findLink } from "@/lib/db/one-time-links";
import { runtime } from "@/lib/server/runtime";

export const metadata: Metadata = { title: "New password" };

const query = z.object({
  link: z.string().max(100).catch(""),
  error: z.enum(["short", "long"]).optional().catch(undefined),
});

const problems = {
  short: "A password has at least 8 characters.",
  long: "A password has at most 72 bytes.",
};

interface ResetPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ResetPage({ searchParams }: ResetPageProps) {
  const { link, error } = query.parse(await searchParams);
  const found = link === "" ? null : await findLink(runtime().db, "reset_password", link);
  if (!found)
    return (
      <LinkEnded>
        <a href="/login/forgot" className={buttonClass({ variant: "primary", size: "lg" })}>
          Send a new link
        </a>
      </LinkEnded>
    );
  return (
    <>
      <InteractionHead title="Set a new password">
        for <strong className="wrap-anywhere font-semibold text-ink">{found.email}</strong>. It signs you out
        everywhere; then sign in with it.
      </InteractionHead>
      <NewPasswordForm
        action="/login/reset/set"
        link={link}
        email={found.email}
        label="New password"
        error={error && problems[error]}
      >
        <CheckField
          id="endAccess"
          name="endAccess"
          label="End my tokens and app access, too"
          hint="For when somebody else may have been in your account."
        />
      </NewPasswordForm>
    </>
  );
}
