/** The letter to somebody whose account was made for them. */
import type { Runtime } from "./runtime";

/** Tells somebody that they have an account now, and where they choose their password. */
export function postWelcome(
  { mail, env }: Pick<Runtime, "mail" | "env">,
  { brandName, name, email, link, company }: Welcome,
): void {
  const where = company === undefined ? brandName : `${company} on ${brandName}`;
  mail.post({
    to: email,
    subject: `Your account for ${where}`,
    text: [
      `Hello ${name},`,
      "",
      `an administrator made an account for you: ${where}.`,
      "Choose your password here, within seven days:",
      "",
      `${env.issuer}/setup/password?link=${link}`,
      "",
      "If you did not expect this letter, do nothing.",
      "",
    ].join("\n"),
  });
}

export interface Welcome {
  brandName: string;
  name: string;
  email: string;
  /** What the link carries. */
  link: string;
  /** The company they were made the owner of. */
  company?: string;
}
