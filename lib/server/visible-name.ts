/** The rule for names that people judge apps, tokens and each other by. */
import { z } from "zod";

/**
 * @param missing what to say when there is none
 * @param longest how many characters it may have
 */
export function visibleName(missing: string, longest = 60) {
  return (
    z
      .string({ error: missing })
      .trim()
      .min(1, missing)
      .max(longest, `A name has at most ${longest} characters.`)
      // No control, direction or invisible characters.
      .regex(/^[^\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]*$/u, "A name is one line of visible characters.")
  );
}
