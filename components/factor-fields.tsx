/** What is typed for a second factor: a code of the app, or a recovery code, and the way from one to the other. */
import Link from "next/link";
import { TextField } from "./ui/text-field";

export type FactorKind = "code" | "recovery";

export function FactorField({ kind }: { kind: FactorKind }) {
  if (kind === "code")
    return (
      <TextField
        id="code"
        name="code"
        label="Code"
        hint="Six digits, from your authenticator app."
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={12}
        required
        autoFocus
      />
    );
  return (
    <TextField
      id="recovery_code"
      name="recovery_code"
      label="Recovery code"
      hint="One of the ten you kept when you set up two-factor authentication. It works once."
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={40}
      required
      autoFocus
    />
  );
}

/** @param href the same page with the other kind */
export function OtherFactor({ kind, href }: { kind: FactorKind; href: string }) {
  return (
    <p className="text-center text-sm">
      <Link href={href} className="font-medium text-accent-text underline-offset-4 hover:underline">
        {kind === "code" ? "Use a recovery code" : "Use a code from your app"}
      </Link>
    </p>
  );
}
