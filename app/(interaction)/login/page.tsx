/** Sign-in: a plain form that works without JavaScript. */

import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { z } from "zod";
import { BrandMark } from "@/components/brand-mark";
import { InteractionLink } from "@/components/interaction-link";
import { PasskeyButton } from "@/components/passkey-button";
import { SsoLink } from "@/components/sso-link";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { FormError } from "@/components/ui/form-error";
import { Note } from "@/components/ui/note";
import { TextField } from "@/components/ui/text-field";
import { brand } from "@/latchkey.config";
import { findInstance } from "@/lib/db/settings";
import { letsIn } from "@/lib/db/sign-ups";
import { requestAppName } from "@/lib/server/consent-view";
import { destinationSchema, leadsTo, onTheWay } from "@/lib/server/destination";
import { runtime } from "@/lib/server/runtime";
import { currentUser } from "@/lib/server/session";
import { ssoText } from "@/lib/server/sso-text";
import { waitText } from "@/lib/server/wait-text";

export const metadata: Metadata = { title: "Sign in" };

const text = z.string().max(2000).optional().catch(undefined);
const seconds = z.coerce.number().int().min(1).max(86_400).optional().catch(undefined);
const query = destinationSchema.extend({ error: text, seconds, notice: text });

/** What has just happened, by the word in the address. */
const notices: Record<string, string> = {
  password: "Your password was changed. Sign in with the new one.",
  verified: "Your e-mail is confirmed. Sign in now.",
  deleted: "Your account is deleted.",
  taken: "This e-mail has an account already. Sign in with it.",
};
const problems: ReadonlyMap<string, string> = new Map([
  ["passkey", "That passkey did not work here. Try again, or use your password."],
  ["late", "Your sign-in took too long, or your password changed meanwhile. Please start again."],
]);

interface LoginPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function LoginPage({ searchParams }: LoginPageProps) {
  const { error, seconds, notice, ...destination } = query.parse(await searchParams);
  if (await currentUser()) redirect(leadsTo(destination));
  const { request, next } = destination;
  const appName = request ? await requestAppName(request) : null;
  const { db, sso } = runtime();
  const problem =
    error &&
    (ssoText(error, sso?.name ?? "") ??
      (error === "wait" && seconds
        ? waitText(seconds)
        : (problems.get(error) ?? "Email or password is wrong.")));
  const said = notice && Object.hasOwn(notices, notice) ? notices[notice] : undefined;
  const isOpen = letsIn(await findInstance(db), "form");
  return (
    <>
      <div className="mb-6 grid justify-items-center gap-4 text-center">
        <BrandMark size="lg" />
        <div>
          <h1 className="font-semibold text-2xl">Sign in to {brand.name}</h1>
          {appName && (
            <p className="mt-0.5 text-soft">
              to continue to <strong className="font-semibold text-ink">{appName}</strong>
            </p>
          )}
        </div>
      </div>
      <Card className="p-5 sm:p-7">
        <form method="post" action="/login/sign-in" className="grid gap-5">
          <FormError text={problem} />
          {said && !problem && <Note role="status">{said}</Note>}
          {request && <input type="hidden" name="request" value={request} />}
          {next && <input type="hidden" name="next" value={next} />}
          <TextField
            id="email"
            name="email"
            label="Email"
            type="email"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            autoFocus
          />
          <TextField
            id="password"
            name="password"
            label="Password"
            type="password"
            autoComplete="current-password"
            required
          />
          <Button type="submit" variant="primary" size="lg">
            Sign in
          </Button>
          <p className="-mt-1 text-center">
            <InteractionLink href={onTheWay("/login/forgot", destination)}>Forgot password?</InteractionLink>
          </p>
        </form>
        {sso && <SsoLink name={sso.name} href={onTheWay("/login/sso", destination)} />}
        <PasskeyButton
          purpose="sign in"
          action="/login/passkey"
          label="Sign in with a passkey"
          destination={destination}
        />
      </Card>
      {isOpen && (
        <p className="mt-5 text-center text-md text-soft">
          New here? <InteractionLink href={onTheWay("/sign-up", destination)}>Create account</InteractionLink>
        </p>
      )}
    </>
  );
}
