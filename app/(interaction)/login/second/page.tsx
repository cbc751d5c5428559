/** The second step of a sign-in, after the right password or the provider; a plain form that works without JavaScript. */
import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { FactorField, OtherFactor } from "@/components/factor-fields";
import { InteractionHead } from "@/components/interaction-head";
import { PasskeyButton } from "@/components/passkey-button";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { FormError } from "@/components/ui/form-error";
import { findSecondFactors } from "@/lib/db/second-factors";
import { destinationSchema, leadsTo, onTheWay } from "@/lib/server/destination";
import { pendingUser } from "@/lib/server/pending-sign-in";
import { runtime } from "@/lib/server/runtime";
import { currentUser } from "@/lib/server/session";
import { waitText } from "@/lib/server/wait-text";

export const metadata: Metadata = { title: "Two-factor authentication" };

const text = z.string().max(2000).optional().catch(undefined);
const seconds = z.coerce.number().int().min(1).max(86_400).optional().catch(undefined);
const kind = z.literal("recovery").optional().catch(undefined);
const query = destinationSchema.extend({ error: text, seconds, with: kind });

interface SecondStepPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SecondStepPage({ searchParams }: SecondStepPageProps) {
  const { error, seconds, with: typed = "code", ...destination } = query.parse(await searchParams);
  if (await currentUser()) redirect(leadsTo(destination));
  const { request, next } = destination;
  const user = await pendingUser(runtime(), (await headers()).get("cookie") ?? undefined);
  if (!user) redirect(onTheWay("/login", destination, { error: "late" }));
  const { passkeys } = await findSecondFactors(runtime().db, user.id);
  const problem =
    error && (error === "wait" && seconds ? waitText(seconds, "wrong codes") : wrong(error, typed));
  return (
    <>
      <InteractionHead title="Two-factor authentication">
        The first step is done. One more proves that it is you.
      </InteractionHead>
      <Card className="p-5 sm:p-7">
        <form method="post" action="/login/second/check" className="grid gap-5">
          <FormError text={problem} />
          {request && <input type="hidden" name="request" value={request} />}
          {next && <input type="hidden" name="next" value={next} />}
          <FactorField kind={typed} />
          <Button type="submit" variant="primary" size="lg">
            Verify
          </Button>
          <OtherFactor
            kind={typed}
            href={onTheWay("/login/second", destination, typed === "code" ? { with: "recovery" } : {})}
          />
        </form>
        {passkeys > 0 && (
          <PasskeyButton
            purpose="sign in"
            action="/login/passkey"
            label="Use a passkey"
            destination={destination}
          />
        )}
      </Card>
    </>
  );
}

function wrong(error: string, typed: "code" | "recovery"): string {
  if (error === "passkey") return "That passkey did not work here. Try again, or use a code.";
  return typed === "code"
    ? "That code is wrong, or it was used already. Wait for the next one."
    : "That is not one of your recovery codes, or it was used already.";
}
