/** Making the first administrator: a plain form that works without JavaScript, for whoever has the link of the start. */
import type { Metadata } from "next";
import { z } from "zod";
import { InteractionHead } from "@/components/interaction-head";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { TextField } from "@/components/ui/text-field";
import { brand } from "@/latchkey.config";
import { findLink } from "@/lib/db/one-time-links";
import { runtime } from "@/lib/server/runtime";

export const metadata: Metadata = { title: "Set up" };

const text = z.string().max(300).catch("");
const query = z.object({
  link: text,
  name: text,
  email: text,
  error: z.enum(["name", "email", "email_taken", "password"]).optional().catch(undefined),
});

interface SetupPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SetupPage({ searchParams }: SetupPageProps) {
  const { link, name, email, error } = query.parse(await searchParams);
  if ((await findLink(runtime().db, "first_admin", link)) === null) return <Gone />;
  const problem = (field: typeof error, words: string) => (error === field ? words : undefined);
  return (
    <>
      <InteractionHead title={`Set up ${brand.name}`}>
        You are the first one here. This account administers the installation.
      </InteractionHead>
      <Card className="p-5 sm:p-7">
        <form method="post" action="/setup/create" className="grid gap-5">
          <input type="hidden" name="link" value={link} />
          <TextField
            id="name"
            name="name"
            label="Name"
            autoComplete="name"
            defaultValue={name}
            maxLength={60}
            required
            autoFocus
            error={problem("name", "Enter your name, in one line of at most 60 visible characters.")}
          />
          <TextField
            id="email"
            name="email"
            label="Email"
            type="email"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            defaultValue={email}
            required
            error={
              problem("email", "This is not an e-mail address.") ??
              problem("email_taken", "Somebody here has this address already.")
            }
          />
          <TextField
            id="password"
            name="password"
            label="Password"
            type="password"
            hint="At least 8 characters."
            autoComplete="new-password"
            required
            error={problem("password", "A password has at least 8 characters and at most 72 bytes.")}
          />
          <Button type="submit" variant="primary" size="lg">
            Create administrator
          </Button>
        </form>
      </Card>
    </>
  );
}

function Gone() {
  return (
    <InteractionHead title="This link does not work">
      It was used already, or it is from an earlier start. While there is no administrator, each start prints
      a new one.
    </InteractionHead>
  );
}
