"use client";
/** Making a legacy token of a company, and its value right after. */
import Link from "next/link";
import { useActionState } from "react";
import { CredentialForm, type ScopeOption } from "./credential-form";
import { LegacyTokenReady } from "./legacy-token-ready";
import { errorOf, type FormAction } from "./ui/action-state";
import { Note } from "./ui/note";
import { type Option, SelectField } from "./ui/select-field";

/** What the action made; the value is in here and nowhere else. */
export interface CreatedLegacyToken {
  token: string;
  name: string;
  /** Its last moment, in ISO 8601. */
  expiresAt: string;
}

interface CreateLegacyTokenProps {
  action: FormAction<CreatedLegacyToken>;
  company: { id: string; name: string };
  scopes: readonly ScopeOption[];
  expirations: readonly Option[];
  issuer: string;
  listHref: string;
  /** Where OAuth credentials are made instead. */
  insteadHref: string;
}

/** As in `create-credential.tsx`: works without JavaScript, and what shows the token is there before the token. */
export function CreateLegacyToken({
  action,
  expirations,
  issuer,
  insteadHref,
  ...form
}: CreateLegacyTokenProps) {
  const [state, submit, pending] = useActionState(action, null);
  if (state?.ok) return <LegacyTokenReady made={state} issuer={issuer} listHref={form.listHref} />;
  return (
    <>
      <h1 className="mb-4 font-semibold text-2xl">Create legacy token</h1>
      <div className="mb-5">
        <Note tone="warn">
          <strong>Still supported, not recommended for new integrations.</strong> The token itself travels
          with every request and works until it expires.{" "}
          <Link href={insteadHref} className="font-medium underline underline-offset-2">
            Create OAuth credentials instead
          </Link>
        </Note>
      </div>
      <CredentialForm
        state={state}
        submit={submit}
        pending={pending}
        company={form.company}
        scopes={form.scopes}
        submitLabel="Generate"
        cancelHref={form.listHref}
      >
        <SelectField
          id="expiration"
          name="expiration"
          label="Expiration"
          options={expirations}
          error={errorOf(state, "expiration")}
          hint="After that it stops working. You can revoke it at any time before."
        />
      </CredentialForm>
    </>
  );
}
