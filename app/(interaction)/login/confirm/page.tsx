/** Proving again who one is, before something that cannot be taken back; a plain form that works without JavaScript. */
import type { Metadata } from "next";
import { z } from "zod";
import { FactorField, OtherFactor } from "@/components/factor-fields";
import { InteractionHead } from "@/components/interaction-head";
import { PasskeyButton } from "@/components/passkey-button";
import { SsoLink } from "@/components/sso-link";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { FormError } from "@/components/ui/form-error";
import { TextField } from "@/components/ui/text-field";
import { listIdentities } from "@/lib/db/identities";
import { type Proof, proofsOf } from "@/lib/server/confirm";
import { onTheWay } from "@/lib/server/destination";
import { ownPath } from "@/lib/server/own-path";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";
import { ssoText } from "@/lib/server/sso-text";
import { waitText } from "@/lib/server/wait-text";

export const metadata: Metadata = { title: "Confirm it is you" };

const text = z.string().max(2000).optional().catch(undefined);
const seconds = z.coerce.number().int().min(1).max(86_400).optional().catch(undefined);
const kind = z.literal("recovery").optional().catch(undefined);
const query = z.object({ next: text, error: text, seconds, with: kind });

interface ConfirmPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ConfirmPage({ searchParams }: ConfirmPageProps) {
  const { error, seconds, with: typed = "code", ...rest } = query.parse(await searchParams);
  const next = ownPath(rest.next);
  const user = await requireUser(next);
  const { db, sso } = runtime();
  const proofs = await proofsOf({ db }, user.id);
  const isLinked = sso !== null && (await listIdentities(db, user.id)).length > 0;
  const guesses = proofs.includes("code") ? "wrong codes" : "wrong passwords";
  const problem =
    error &&
    (ssoText(error, sso?.name ?? "") ??
      (error === "wait" && seconds ? waitText(seconds, guesses) : wrong(error, proofs)));
  return (
    <>
      <InteractionHead title="Confirm it is you">
        What comes next is important, and your sign-in is a while ago. You are{" "}
        <strong className="wrap-anywhere font-semibold text-ink">{user.email}</strong>.
      </InteractionHead>
      <Card className="p-5 sm:p-7">
        <form method="post" action="/login/confirm/check" className="grid gap-5">
          <FormError text={problem} />
          <input type="hidden" name="next" value={next} />
          {proofs.includes("code") && <FactorField kind={typed} />}
          {proofs.includes("password") && <PasswordField email={user.email} />}
          <Button type="submit" variant="primary" size="lg">
            Confirm
          </Button>
          {proofs.includes("code") && (
            <OtherFactor
              kind={typed}
              href={onTheWay("/login/confirm", { next }, typed === "code" ? { with: "recovery" } : {})}
            />
          )}
        </form>
        {isLinked && (
          <SsoLink name={sso.name} href={`/login/sso?${new URLSearchParams({ for: "confirm", next })}`} />
        )}
        {proofs.includes("passkey") && (
          <PasskeyButton
            purpose="confirm"
            action="/login/confirm/passkey"
            label="Use a passkey"
            destination={{ next }}
          />
        )}
      </Card>
    </>
  );
}

function PasswordField({ email }: { email: string }) {
  return (
    <>
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <TextField
        id="password"
        name="password"
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        autoFocus
      />
    </>
  );
}

function wrong(error: string, proofs: readonly Proof[]): string {
  if (error === "passkey") return "That passkey did not work here. Try again, or another way.";
  return proofs.includes("code")
    ? "That code is wrong, or it was used already."
    : "This is not your password.";
}
