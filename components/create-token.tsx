"use client";
/** Making a personal token, and its value right after. */
import { useActionState } from "react";
import type { TypedToken } from "@/lib/server/token-form";
import { CreateTokenForm, type TokenFormChoices } from "./create-token-form";
import { TokenReady } from "./token-ready";

/** What the action made; the value is in here and nowhere else. */
export interface CreatedToken {
  name: string;
  token: string;
  /** Its last moment in words; null for a token that never expires. */
  expires: string | null;
  /** An address of the API that this token can be tried on. */
  tryOn: string | null;
}

export type CreateTokenState =
  | null
  | ({ ok: true } & CreatedToken)
  | { ok: false; errors: Record<string, string>; typed: TypedToken };

export type CreateTokenAction = (state: CreateTokenState, form: FormData) => Promise<CreateTokenState>;

interface CreateTokenProps {
  action: CreateTokenAction;
  choices: TokenFormChoices;
}

/**
 * The action goes into the form as it is, so that the form works without JavaScript. What shows the token is loaded
 * with the form: the token is said once and must not meet a failed download.
 */
export function CreateToken({ action, choices }: CreateTokenProps) {
  const [state, submit, pending] = useActionState(action, null);
  if (state?.ok) return <TokenReady made={state} />;
  return (
    <>
      <h1 className="mb-5 font-semibold text-2xl">Create token</h1>
      <CreateTokenForm state={state} submit={submit} pending={pending} choices={choices} />
    </>
  );
}
