/** Choosing a password by the link of a letter; a plain form that works without JavaScript. */
import type { ReactNode } from "react";
import { Button } from "./ui/button";
import { Card } from "./ui/card";
import { TextField } from "./ui/text-field";

interface NewPasswordFormProps {
  /** Where it is posted to. */
  action: string;
  /** What the link carries. */
  link: string;
  /** Whose password it will be, for the browser that keeps it. */
  email: string | null;
  label: string;
  error?: string;
  /** What else there is to choose. */
  children?: ReactNode;
}

export function NewPasswordForm({ action, link, email, label, error, children }: NewPasswordFormProps) {
  return (
    <Card className="p-5 sm:p-7">
      <form method="post" action={action} className="grid gap-5">
        <input type="hidden" name="link" value={link} />
        <input type="hidden" name="username" autoComplete="username" value={email ?? ""} readOnly />
        <TextField
          id="password"
          name="password"
          label={label}
          type="password"
          hint="At least 8 characters."
          autoComplete="new-password"
          minLength={8}
          required
          autoFocus
          error={error}
        />
        {children}
        <Button type="submit" variant="primary" size="lg">
          Set password
        </Button>
      </form>
    </Card>
  );
}
