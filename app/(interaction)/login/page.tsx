/** Sign-in: a plain form that works without JavaScript. */

import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { z } from "zod";
import { BrandMark } from "@/components/brand-mark";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { FormError } from "@/components/ui/form-error";
import { Note } from "@/components/ui/note";
import { TextField } from "@/components/ui/text-field";
import { brand } from "@/latchkey.config";
import { requestAppName } from "@/lib/server/consent-view";
import { ownPath } from "@/lib/server/own-path";
import { currentUser } from "@/lib/server/session";
import { waitText } from "@/lib/server/wait-text";

export const metadata: Metadata = { title: "Sign in" };

const text = z.string().max(2000).optional().catch(undefined);
const seconds = z.coerce.number().int().min(1).max(86_400).optional().catch(undefined);
const query = z.object({ request: text, next: text, error: text, seconds, notice: text });

interface LoginPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function LoginPage({ searchParams }: LoginPageProps) {
  const { request, next, error, seconds, notice } = query.parse(await searchParams);
  if (await currentUser()) {
    redirect(request ? `/oauth/authorize/continue?${new URLSearchParams({ request })}` : ownPath(next));
  }
  const appName = request ? await requestAppName(request) : null;
  const problem = error && (error === "wait" && seconds ? waitText(seconds) : "Email or password is wrong.");
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
          {notice === "password" && !problem && (
            <Note role="status">Your password was changed. Sign in with the new one.</Note>
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
        </form>
      </Card>
    </>
  );
}
