/** The page of an invitation in its parts: who invites to what, and what the reader can do about it. */
import Link from "next/link";
import type { OpenInvitation } from "@/lib/db/invitations";
import { BrandMark } from "./brand-mark";
import { roleWords } from "./role-words";
import { Badge } from "./ui/badge";
import { Button, buttonClass } from "./ui/button";
import { Logo } from "./ui/logo";
import { Note } from "./ui/note";
import { TextField } from "./ui/text-field";

export function JoinHead({ invitation }: { invitation: OpenInvitation }) {
  const { company, role, invitedBy } = invitation;
  const { label, meaning } = roleWords[role];
  return (
    <div className="grid justify-items-center gap-4 text-center">
      <Logo name={company.name} src={null} size="xl" />
      <div className="grid gap-1">
        <h1 className="wrap-anywhere text-balance font-semibold text-2xl">Join {company.name}</h1>
        <p className="wrap-anywhere text-soft">
          {invitedBy ? (
            <>
              <strong className="font-medium text-ink">{invitedBy}</strong> invites you.
            </>
          ) : (
            "You are invited."
          )}
        </p>
      </div>
      <div className="grid w-full justify-items-center gap-1 rounded-md border border-line bg-sunk/60 px-4 py-3">
        <Badge tone="accent">{label}</Badge>
        <p className="text-pretty text-soft text-sm">{meaning}</p>
      </div>
    </div>
  );
}

/** For somebody who is signed in with another address. */
export function OtherPerson({
  email,
  signedInAs,
  here,
}: {
  email: string;
  signedInAs: string;
  here: string;
}) {
  return (
    <form method="post" action="/logout" className="grid gap-4">
      <input type="hidden" name="next" value={here} />
      <Note tone="warn">
        The invitation is for <strong className="wrap-anywhere">{email}</strong>, and you are signed in as{" "}
        <strong className="wrap-anywhere">{signedInAs}</strong>.
      </Note>
      <Button type="submit" size="lg">
        Sign out
      </Button>
    </form>
  );
}

/** For nobody in particular, where the address has an account. */
export function SignInFirst({ email, here }: { email: string; here: string }) {
  return (
    <div className="grid gap-4">
      <p className="text-center text-soft">
        <strong className="wrap-anywhere font-medium text-ink">{email}</strong> has an account. Sign in with
        it, and you come back here.
      </p>
      <Link
        href={`/login?${new URLSearchParams({ next: here })}`}
        className={buttonClass({ variant: "primary", size: "lg" })}
      >
        Sign in
      </Link>
    </div>
  );
}

interface NewPersonFormProps {
  link: string;
  email: string;
  /** As it was typed. */
  name: string;
  /** The fields that were wrong. */
  wrong: readonly string[];
}

/** For an address without an account. */
export function NewPersonForm({ link, email, name, wrong }: NewPersonFormProps) {
  return (
    <form method="post" action="/join/create-account" className="grid gap-5">
      <input type="hidden" name="link" value={link} />
      <p className="text-center text-soft text-sm">
        Your account will be <strong className="wrap-anywhere font-medium text-ink">{email}</strong>.
      </p>
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <TextField
        id="name"
        name="name"
        label="Name"
        autoComplete="name"
        maxLength={80}
        defaultValue={name}
        required
        error={wrong.includes("name") ? "Enter your name, in one line of visible characters." : undefined}
      />
      <TextField
        id="password"
        name="password"
        label="Password"
        type="password"
        autoComplete="new-password"
        hint="At least 8 characters."
        minLength={8}
        required
        error={
          wrong.includes("password")
            ? "A password has 8 characters or more, and at most 72 bytes."
            : undefined
        }
      />
      <Button type="submit" variant="primary" size="lg">
        Create account and join
      </Button>
    </form>
  );
}

/** For a link that was used or withdrawn, or is too old. */
export function Uninvited({ isSignedIn }: { isSignedIn: boolean }) {
  return (
    <div className="grid justify-items-center gap-5 text-center">
      <BrandMark size="lg" />
      <div className="grid gap-2">
        <h1 className="font-semibold text-2xl">This invitation does not work any more</h1>
        <p className="text-pretty text-soft">
          It was used already, it was withdrawn, or it is older than seven days. If you still want to join,
          ask whoever invited you for another one.
        </p>
      </div>
      <Link href={isSignedIn ? "/company/profile" : "/login"} className={buttonClass()}>
        {isSignedIn ? "Go on" : "Sign in"}
      </Link>
    </div>
  );
}
