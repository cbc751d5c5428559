/** Making an account; a plain form that works without JavaScript. */
import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { InteractionHead } from "@/components/interaction-head";
import { InteractionLink } from "@/components/interaction-link";
import { Button, buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { FormError } from "@/components/ui/form-error";
import { TextField } from "@/components/ui/text-field";
import { brand } from "@/latchkey.config";
import { findInstance } from "@/lib/db/settings";
import { letsIn } from "@/lib/db/sign-ups";
import { requestAppName } from "@/lib/server/consent-view";
import { type Destination, destinationSchema, leadsTo, onTheWay } from "@/lib/server/destination";
import { runtime } from "@/lib/server/runtime";
import { currentUser } from "@/lib/server/session";
import { waitText } from "@/lib/server/wait-text";
import { typedCookie } from "@/lib/server/waiting";

export const metadata: Metadata = { title: "Create account" };

const query = destinationSchema.extend({
  error: z.enum(["name", "email", "password"]).optional().catch(undefined),
  wait: z.coerce.number().int().min(1).max(86_400).optional().catch(undefined),
});

const problems = {
  name: "Enter your name: one line of visible characters.",
  email: "Enter an e-mail address, such as you@example.com.",
  password: "A password has at least 8 characters and at most 72 bytes.",
};

interface SignUpPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignUpPage({ searchParams }: SignUpPageProps) {
  const { error, wait, ...destination } = query.parse(await searchParams);
  if (await currentUser()) redirect(leadsTo(destination));
  const rt = runtime();
  const instance = await findInstance(rt.db);
  if (!letsIn(instance, "form"))
    return <Closed isOff={instance.sign_up === "off"} destination={destination} />;
  const { request, next } = destination;
  const appName = request ? await requestAppName(request) : null;
  const typed =
    error || wait ? await typedCookie.open(rt, (await headers()).get("cookie") ?? undefined) : null;
  const problem = (field: keyof typeof problems) => (error === field ? problems[field] : undefined);
  return (
    <>
      <InteractionHead title={`Create your ${brand.name} account`}>
        {appName && (
          <>
            to continue to <strong className="font-semibold text-ink">{appName}</strong>
          </>
        )}
      </InteractionHead>
      <Card className="p-5 sm:p-7">
        <form method="post" action="/sign-up/create" className="grid gap-5">
          <FormError text={wait ? waitText(wait, "letters were asked for from here") : undefined} />
          {request && <input type="hidden" name="request" value={request} />}
          {next && <input type="hidden" name="next" value={next} />}
          <TextField
            id="name"
            name="name"
            label="Name"
            autoComplete="name"
            maxLength={80}
            required
            autoFocus
            defaultValue={typed?.name}
            error={problem("name")}
          />
          <TextField
            id="email"
            name="email"
            label="Email"
            type="email"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={254}
            required
            hint="We send a link there, to see that it is yours."
            defaultValue={typed?.email}
            error={problem("email")}
          />
          <TextField
            id="password"
            name="password"
            label="Password"
            type="password"
            autoComplete="new-password"
            minLength={8}
            required
            hint="At least 8 characters."
            error={problem("password")}
          />
          <Button type="submit" variant="primary" size="lg">
            Create account
          </Button>
        </form>
      </Card>
      <p className="mt-5 text-center text-md text-soft">
        You have one? <InteractionLink href={onTheWay("/login", destination)}>Sign in</InteractionLink>
      </p>
    </>
  );
}

function Closed({ isOff, destination }: { isOff: boolean; destination: Destination }) {
  return (
    <>
      <InteractionHead title={isOff ? "No new accounts" : "By invitation"}>
        {isOff
          ? "Nobody makes an account here at the moment."
          : "Accounts are made by invitation here. Ask an owner of your company for one; the letter has a link."}
      </InteractionHead>
      <div className="text-center">
        <a href={onTheWay("/login", destination)} className={buttonClass({ variant: "primary", size: "lg" })}>
          Sign in
        </a>
      </div>
    </>
  );
}
