"use client";
/** One field to find a credential by: what is pasted whole is posted, never put into an address. */
import Link from "next/link";
import { useActionState } from "react";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { Badge } from "./ui/badge";
import { Note } from "./ui/note";
import { SubmitButton } from "./ui/submit-button";
import { TextField } from "./ui/text-field";

/** What is known of a credential; never its value. */
export interface LookedUp {
  start: string;
  works: boolean;
  /** Where the list has it, and where it can be ended. */
  href: string;
  /** Names and values, in words. */
  facts: [name: string, value: string][];
}

export function TokenLookup({ action }: { action: FormAction<LookedUp> }) {
  const [state, submit] = useActionState<ActionState<LookedUp>, FormData>(action, null);
  return (
    <div className="mb-5 grid gap-3">
      <form action={submit} className="grid gap-2 sm:flex sm:items-start">
        <TextField
          id="credential"
          name="credential"
          label="Find a token or secret"
          placeholder="pat_…1a2b"
          hint="Paste all of it to see what it is, or write its start and last four characters. It is not kept."
          autoComplete="off"
          spellCheck={false}
          maxLength={300}
          error={errorOf(state, "credential")}
          className="min-w-0 flex-1"
        />
        <SubmitButton className="sm:mt-[1.65rem]">Find</SubmitButton>
      </form>
      {state?.ok && (
        <Note role="status">
          <p className="flex flex-wrap items-center gap-2 text-ink">
            <code className="font-mono text-sm">{state.start}</code>
            <Badge tone={state.works ? "good" : "bad"}>{state.works ? "Works" : "Does not work"}</Badge>
            <Link href={state.href} className="font-medium text-accent-text hover:underline">
              Show in the list
            </Link>
          </p>
          <dl className="mt-2 grid gap-x-4 gap-y-1 sm:grid-cols-[8rem_minmax(0,1fr)]">
            {state.facts.map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-faint">{name}</dt>
                <dd className="wrap-anywhere text-ink">{value}</dd>
              </div>
            ))}
          </dl>
        </Note>
      )}
    </div>
  );
}
