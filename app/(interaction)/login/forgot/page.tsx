/** Asking for a link to set a new password; a plain form that says the same whoever is asked about. */
import type { Metadata } from "next";
import { z } from "zod";
import { InteractionHead } from "@/components/interaction-head";
import { InteractionLink } from "@/components/interaction-link";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { FormError } from "@/components/ui/form-error";
import { Note } from "@/components/ui/note";
import { TextField } from "@/components/ui/text-field";
import { destinationSchema, onTheWay } from "@/lib/server/destination";
import { waitText } from "@/lib/server/wait-text";

export const metadata: Metadata = { title: "Forgot password" };

const query = destinationSchema.extend({
  sent: z.literal("1").optional().catch(undefined),
  wait: z.coerce.number().int().min(1).max(86_400).optional().catch(undefined),
});

interface ForgotPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ForgotPage({ searchParams }: ForgotPageProps) {
  const { request, next, sent, wait } = query.parse(await searchParams);
  return (
    <>
      <InteractionHead title="Forgot your password?">
        We send a link to your address with which you set a new one.
      </InteractionHead>
      <Card className="p-5 sm:p-7">
        <form method="post" action="/login/forgot/send" className="grid gap-5">
          <FormError text={wait ? waitText(wait, "letters were asked for from here") : undefined} />
          {sent && (
            <Note role="status">
              If there is an account with this address, a letter is on its way. Its link works once, for an
              hour.
            </Note>
          )}
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
            maxLength={254}
            required
            autoFocus={!sent}
          />
          <Button type="submit" variant="primary" size="lg">
            Send reset link
          </Button>
        </form>
      </Card>
      <p className="mt-5 text-center">
        <InteractionLink href={onTheWay("/login", { request, next })}>Back to sign-in</InteractionLink>
      </p>
    </>
  );
}
