"use client";
/** Making OAuth credentials of a company, and the ID and secret right after. */
import { useActionState } from "react";
import { CredentialForm, type ScopeOption } from "./credential-form";
import { CredentialReady } from "./credential-ready";
import type { FormAction } from "./ui/action-state";

/** What the action made; the secret is in here and nowhere else. */
export interface CreatedCredential {
  client_id: string;
  secret: string;
  name: string;
  /** As a token request names it. */
  scope: string;
}

interface CreateCredentialProps {
  action: FormAction<CreatedCredential>;
  company: { id: string; name: string };
  scopes: readonly ScopeOption[];
  issuer: string;
  listHref: string;
}

/**
 * The action goes into the form as it is, so that the form works without JavaScript. What shows the secret is loaded
 * with the form: the secret is said once and must not meet a failed download.
 */
export function CreateCredential({ action, company, scopes, issuer, listHref }: CreateCredentialProps) {
  const [state, submit, pending] = useActionState(action, null);
  if (state?.ok) return <CredentialReady made={state} issuer={issuer} listHref={listHref} />;
  return (
    <>
      <h1 className="font-semibold text-2xl">Create OAuth credentials</h1>
      <p className="mb-5 max-w-[62ch] text-soft">
        Recommended. A server exchanges the client ID and secret for access tokens of one hour, so the secret
        itself never travels with API requests.
      </p>
      <CredentialForm
        state={state}
        submit={submit}
        pending={pending}
        company={company}
        scopes={scopes}
        submitLabel="Create"
        cancelHref={listHref}
      />
    </>
  );
}
