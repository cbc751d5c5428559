"use client";
/** A form that keeps what was typed when its action finds something wrong, the chosen file included. */
import { type ReactNode, startTransition, useEffect, useRef } from "react";
import type { ActionState } from "./action-state";

interface KeepFormProps {
  state: ActionState;
  submit: (form: FormData) => void;
  pending: boolean;
  className?: string;
  children: ReactNode;
}

/**
 * React empties a form whose `action` is a function; dispatching by hand does not. Without JavaScript `action` still
 * posts. After a refusal the first wrong field gets the focus.
 */
export function KeepForm({ state, submit, pending, className, children }: KeepFormProps) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (state && !state.ok) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [state]);
  return (
    <form
      ref={form}
      action={submit}
      noValidate
      className={className}
      onSubmit={(event) => {
        event.preventDefault();
        if (pending) return;
        const data = new FormData(event.currentTarget);
        startTransition(() => submit(data));
      }}
    >
      {children}
    </form>
  );
}
