"use client";
/** A submit button that cannot be pressed twice while its form is on its way. */
import type { VariantProps } from "class-variance-authority";
import type { ReactNode } from "react";
import { useFormStatus } from "react-dom";
import { Button, type buttonClass } from "./button";
import { Spinner } from "./spinner";

interface SubmitButtonProps extends VariantProps<typeof buttonClass> {
  children: ReactNode;
  /** For forms that dispatch their action themselves; otherwise the form's own state is used. */
  pending?: boolean;
  disabled?: boolean;
  className?: string;
  /** Id of the text that says what it is about, when its words alone do not. */
  "aria-describedby"?: string;
}

/** Disabled and turning while `pending`; the name stays, so that a screen reader does not lose it. */
export function SubmitButton({ children, pending, disabled, ...rest }: SubmitButtonProps) {
  const status = useFormStatus();
  const busy = pending ?? status.pending;
  return (
    <Button type="submit" disabled={disabled || busy} aria-busy={busy} {...rest}>
      {busy && <Spinner />}
      {children}
    </Button>
  );
}
