/** What administrators decide for the whole installation; an app's policy can only be tighter. */
import { z } from "zod";

export const instanceSchema = z.strictObject({
  /** May apps use the implicit grant at all (RFC 9700 §2.1.2)? */
  implicit: z.boolean(),
  /** May apps use the password grant at all (RFC 9700 §2.4)? */
  password: z.boolean(),
  /** Who may register apps: everybody, owners and auth managers of a company, or everybody after approval. */
  registration: z.enum(["open", "role", "approval"]),
  /** May a personal token be made that never expires? */
  endless_personal_tokens: z.boolean(),
  /** What becomes of a credential that is reported as leaked: it ends, or it stops until its owner decides. */
  leaked_credentials: z.enum(["revoke", "quarantine"]),
  /** Who may make an account: everybody, who was invited or comes from the single sign-on, or nobody. */
  sign_up: z.enum(["open", "invitation", "off"]),
});

export type Instance = z.infer<typeof instanceSchema>;

/** What holds until an administrator says otherwise. */
export const defaultInstance: Instance = {
  implicit: false,
  password: false,
  registration: "open",
  endless_personal_tokens: false,
  leaked_credentials: "revoke",
  sign_up: "invitation",
};
