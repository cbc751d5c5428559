/** The rule for a password that somebody chooses. */
import { z } from "zod";
import { tooLong } from "./password";

/** @param missing what to say when there is none */
export function newPassword(missing = "Enter a new password.") {
  return z
    .string({ error: missing })
    .min(8, "A password has at least 8 characters.")
    .refine((text) => !tooLong(text), "A password has at most 72 bytes.");
}

/** What is wrong with a password, as pages say it in their address; null when nothing is. */
export function passwordProblem(password: string): "short" | "long" | null {
  if (newPassword().safeParse(password).success) return null;
  return tooLong(password) ? "long" : "short";
}
