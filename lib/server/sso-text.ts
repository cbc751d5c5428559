/** What went wrong with a sign-in through the provider, for the person. */

const texts: Record<string, (name: string) => string> = {
  sso_away: (name) =>
    `${name} does not answer at the moment. Try again in a moment, or sign in with your password.`,
  sso_declined: (name) => `You did not sign in with ${name}. Nothing has changed.`,
  sso_invalid: (name) =>
    `What ${name} answered could not be verified. Try again; if it happens again, tell whoever runs this installation.`,
  sso_ended: () => "This sign-in waited too long, or was begun in another browser. Start again.",
  sso_unverified: (name) =>
    `${name} does not say that your e-mail address is verified, so no account was made for it.`,
  sso_closed: (name) =>
    `There is no account linked to you at ${name}, and nobody new makes one here at the moment.`,
  sso_taken: (name) =>
    `Your e-mail address has an account here already. Sign in to it with your password, then link ${name} under Profile, “Sign-in methods”.`,
  sso_suspended: () => "This account cannot sign in. Ask an administrator of this installation.",
  sso_factor: (name) =>
    `${name} does not say that it asked for a second factor, and you have one here. Confirm with that.`,
  sso_other: (name) => `This is somebody else at ${name} than the one linked to your account.`,
};

/** @returns undefined for a word that is none of ours */
export function ssoText(problem: string | undefined, name: string): string | undefined {
  return problem !== undefined && Object.hasOwn(texts, problem) ? texts[problem]?.(name) : undefined;
}
