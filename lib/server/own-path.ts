/** Where a sign-in may lead: only to a path of ours. */

/** The path to go to after signing in; anything else becomes the front page. */
export function ownPath(next: string | undefined): string {
  // One slash and no backslash: `//evil.example` and `/\evil.example` are other hosts to a browser.
  return next && /^\/(?![/\\])[!-[\]-~]*$/.test(next) && !next.includes("\\") ? next : "/";
}
