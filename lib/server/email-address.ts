/** The rule for an e-mail address, which is kept in lower case. */
import { z } from "zod";

export const emailAddress = z
  .string({ error: "Enter an e-mail address." })
  .trim()
  .toLowerCase()
  .max(254, "This is not an e-mail address.")
  .pipe(z.email("This is not an e-mail address."));
