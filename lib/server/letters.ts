/** What letters say. A link stands on a line of its own. */
import { brand } from "../../latchkey.config";
import type { Letter } from "./mail";

interface Addressee {
  /** Of somebody we know. What a stranger typed is never sent to others: it would be their text in our letter. */
  name?: string;
  email: string;
}

/** Paragraphs with a greeting before them. */
function letter({ name, email }: Addressee, subject: string, ...paragraphs: string[]): Letter {
  const greeting = name === undefined ? "Hello," : `Hello ${name},`;
  return { to: email, subject, text: [greeting, ...paragraphs, ""].join("\n\n") };
}

const notYou = "If this was not you, you need not do anything: nothing changes without the link.";

/** @param link works once, for an hour */
export function resetLetter(person: Addressee, link: string): Letter {
  return letter(
    person,
    `Set a new password for ${brand.name}`,
    `somebody, most likely you, asked for a new password for your ${brand.name} account. Set one here, within an hour:`,
    link,
    notYou,
  );
}

export function passwordChangedLetter(person: Addressee): Letter {
  return letter(
    person,
    `Your ${brand.name} password was changed`,
    `the password of your ${brand.name} account has just been changed, and every sign-in with the old one was ended.`,
    "If this was not you, set a new password at once with “Forgot password?” on the sign-in page, and end your tokens and app access with it.",
  );
}

/** @param link works once, for a day */
export function signUpLetter(email: string, link: string): Letter {
  return letter(
    { email },
    `Confirm your address for ${brand.name}`,
    `somebody, most likely you, is making a ${brand.name} account with this address. Confirm within 24 hours that it is yours:`,
    link,
    "If this was not you, you need not do anything: without the link there will be no account.",
  );
}

/** For who is there already: the page that was shown does not say so. */
export function accountExistsLetter(person: Addressee, signIn: string, forgot: string): Letter {
  return letter(
    person,
    `You have a ${brand.name} account already`,
    `somebody, most likely you, wanted to make a ${brand.name} account with this address. It has one; sign in here:`,
    signIn,
    "Set a new password here, if you have forgotten yours:",
    forgot,
    "If this was not you, you need not do anything: nothing has changed.",
  );
}

/** @param link works once, for a day */
export function verifyLetter(person: Addressee, link: string): Letter {
  return letter(
    person,
    `Confirm your address for ${brand.name}`,
    `confirm within 24 hours that this is your address, and you can sign in to ${brand.name}:`,
    link,
    notYou,
  );
}

/** To the new address. @param link works once, for a day, for who is signed in */
export function changeEmailLetter(email: string, link: string): Letter {
  return letter(
    { email },
    `Confirm your new address for ${brand.name}`,
    `somebody, most likely you, wants to use this address for their ${brand.name} account. Confirm within 24 hours that it is yours:`,
    link,
    notYou,
  );
}

/** To a new address that has an account of its own: the page that was shown does not say so. */
export function addressTakenLetter(email: string): Letter {
  return letter(
    { email },
    `This address has a ${brand.name} account`,
    `somebody, most likely you, wants to use this address for another ${brand.name} account. It has one of its own, so nothing was changed. To use it elsewhere, change the address of that account first, or delete it.`,
  );
}

/** To the address so far, before anything has changed. */
export function changeAskedLetter(person: Addressee, to: string): Letter {
  return letter(
    person,
    `Your ${brand.name} address is about to change`,
    `somebody who knows your password, most likely you, asked to change the address of your ${brand.name} account to ${to}. It changes when the link in the letter to that address is followed.`,
    "If this was not you, change your password at once: that ends the link, too.",
  );
}

/** To the address that was in force until now. */
export function emailChangedLetter(person: Addressee, to: string): Letter {
  return letter(
    person,
    `Your ${brand.name} address was changed`,
    `the address of your ${brand.name} account is ${to} from now on. Nothing more will be sent here.`,
    "If this was not you, answer this letter or write to whoever runs this installation.",
  );
}

export function accountDeletedLetter(person: Addressee): Letter {
  return letter(
    person,
    `Your ${brand.name} account was deleted`,
    `your ${brand.name} account was deleted, and with it your apps, your tokens and what you allowed apps to do.`,
  );
}
