/** Choosing the first password of an account that an administrator made. */
import type { Metadata } from "next";
import { z } from "zod";
import { InteractionHead } from "@/components/interaction-head";
import { NewPasswordForm } from "@/components/new-password-form";
import { brand } from "@/latchkey.config";
import { findLink } from "@/lib/db/one-time-links";
import { runtime } from "@/lib/server/runtime";

export const metadata: Metadata = { title: "Choose your password" };

const query = z.object({
  link: z.string().max(100).catch(""),
  error: z.enum(["short", "long"]).optional().catch(undefined),
});

interface PasswordPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SetPasswordPage({ searchParams }: PasswordPageProps) {
  const { link, error } = query.parse(await searchParams);
  const found = await findLink(runtime().db, "set_password", link);
  if (!found)
    return (
      <InteractionHead title="This link does not work">
        It was used already, or it is too old. Ask an administrator for another one.
      </InteractionHead>
    );
  return (
    <>
      <InteractionHead title="Choose your password">
        Your account for {brand.name} is{" "}
        <strong className="wrap-anywhere font-semibold text-ink">{found.email}</strong>.
      </InteractionHead>
      <NewPasswordForm
        action="/setup/password/save"
        link={link}
        email={found.email}
        label="Password"
        error={error && "A password has at least 8 characters and at most 72 bytes."}
      />
    </>
  );
}
