/** What people can be told by letter, in words. */
import type { NoticePreferences } from "@/lib/db/notice-preferences";
import { type NoticeKind, noticeKinds } from "@/lib/db/notices";
import { noticeTitles } from "@/lib/server/notice-letters";

const descriptions: Record<NoticeKind, string> = {
  sign_in: "Somebody signs in to your account with a browser that has not done so before.",
  token_created: "A personal token is made that acts as you, or a legacy token for a company you manage.",
  secret_rotated: "An app of yours, or of a company you manage, gets a new client secret.",
  expiry: "14 days, 7 days and a day before a token or secret of yours, or of a company you manage, ends.",
  webhook_off:
    "An endpoint of an app of yours has not answered for days, and nothing is sent to it any more.",
};

export interface NoticeChoice {
  name: NoticeKind;
  title: string;
  description: string;
  checked: boolean;
  /** Sent whatever is chosen, and why. */
  always?: string;
}

export function noticeChoices(wanted: NoticePreferences, isAdmin: boolean): NoticeChoice[] {
  return noticeKinds.map((name) => ({
    name,
    title: noticeTitles[name],
    description: descriptions[name],
    checked: wanted[name],
    ...(name === "sign_in" && isAdmin && { checked: true, always: "Administrators always get these." }),
  }));
}
