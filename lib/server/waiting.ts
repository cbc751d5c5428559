/** Somebody whose address is still to be proven, as their browser carries it from the form to the letter's link. */
import { z } from "zod";
import { limits } from "../../latchkey.config";
import { destinationSchema } from "./destination";
import { sealedCookie } from "./sealed-cookie";

const schema = destinationSchema.extend({
  email: z.string(),
  /** A sign-up: there is no account yet. Whether one will come of it, or there was one before, this does not say. */
  signUpId: z.string().optional(),
  /** An account that is there. */
  userId: z.string().optional(),
});

export type Waiting = z.infer<typeof schema>;

/** Made for who typed the password: in this browser, the letter's link need not ask for it again. */
export const waitingCookie = sealedCookie("latchkey.waiting", schema, limits.letters.emailLinkSeconds);

/** What was typed into a form that is shown again. */
export const typedCookie = sealedCookie(
  "latchkey.typed",
  z.object({ name: z.string(), email: z.string() }),
  10 * 60,
);
