/** Reporting a credential somebody found: for anybody, signed in or not, without JavaScript. */
import type { Metadata } from "next";
import { z } from "zod";
import { BrandMark } from "@/components/brand-mark";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { FormError } from "@/components/ui/form-error";
import { Note } from "@/components/ui/note";
import { TextField } from "@/components/ui/text-field";
import { TextareaField } from "@/components/ui/textarea-field";
import { brand } from "@/latchkey.config";

export const metadata: Metadata = { title: "Report a leaked credential" };

const query = z.object({
  sent: z.literal("1").optional().catch(undefined),
  wait: z.coerce.number().int().min(1).max(86_400).optional().catch(undefined),
});

interface ReportLeakPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ReportLeakPage({ searchParams }: ReportLeakPageProps) {
  const { sent, wait } = query.parse(await searchParams);
  return (
    <>
      <div className="mb-6 grid justify-items-center gap-4 text-center">
        <BrandMark size="lg" />
        <div>
          <h1 className="font-semibold text-2xl">Report a leaked credential</h1>
          <p className="mt-0.5 text-balance text-soft">
            Found a token or client secret of {brand.name} in a repository, a log or a chat? It stops working
            at once, and its owner is told.
          </p>
        </div>
      </div>
      <Card className="p-5 sm:p-7">
        <form method="post" action="/report-leak/send" className="grid gap-5">
          <FormError text={wait === undefined ? undefined : tryAgain(wait)} />
          {sent && (
            <Note role="status">
              Thank you. What was alive among what you sent works no longer. We do not say what it was.
            </Note>
          )}
          <TextareaField
            id="tokens"
            name="tokens"
            label="Tokens or secrets"
            hint="Whole, or a text they stand in; up to 100 at a time."
            autoComplete="off"
            required
            maxLength={12_000}
          />
          <TextField
            id="source"
            name="source"
            label="Where you found it"
            hint="An address or a few words; its owner will read them. May stay empty."
            autoComplete="off"
            maxLength={500}
          />
          <Button type="submit" variant="primary" size="lg">
            Report
          </Button>
        </form>
      </Card>
    </>
  );
}

function tryAgain(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return `Too many reports came from your address. Try again in ${minutes} minute${minutes === 1 ? "" : "s"}.`;
}
