/** An app's facts in words. */
import type { AppSummary } from "@/lib/db/apps";
import type { Tone } from "./ui/badge";

type Redirect = AppSummary["redirect"];

/** "3 redirect URIs" or "Redirect domain yourapp.com". */
export function redirectInWords(redirect: Redirect): string {
  if (redirect.match === "origin_path")
    return `Redirect domain ${redirect.domain.replace(/^https:\/\//, "")}`;
  return counted(redirect.uris.length, "redirect URI");
}

/** A redirect URI that would be accepted, for examples. */
export function exampleRedirect(redirect: Redirect): string {
  if (redirect.match === "origin_path") return `${redirect.domain.replace(/\/$/, "")}/callback`;
  return redirect.uris[0] ?? "https://yourapp.com/callback";
}

/** "1 person", "412 people", "1,204 tokens". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;
}

export const statusWords: Record<AppSummary["status"], { label: string; tone: Tone; meaning: string }> = {
  active: { label: "Active", tone: "good", meaning: "People can allow it and its tokens work" },
  pending: {
    label: "Pending",
    tone: "plain",
    meaning: "Waiting for approval; it works for its developer alone",
  },
  refused: { label: "Refused", tone: "bad", meaning: "An administrator refused it; it works for nobody" },
  suspended: {
    label: "Suspended",
    tone: "bad",
    meaning: "Stopped by an administrator; its tokens do not work",
  },
};

export const typeWords: Record<AppSummary["type"], { label: string; meaning: string }> = {
  confidential: {
    label: "Web app with a server",
    meaning: "Keeps a client secret on the server.",
  },
  public: {
    label: "Native or single-page app",
    meaning: "Has no secret; proves itself with PKCE.",
  },
};

/** Address of an app's logo. */
export function logoSrc(logoId: string | null): string | null {
  return logoId && `/logos/${logoId}`;
}

/** What an app is, whoever owns it. */
export const kindWords: Record<"registered" | "credential" | "service_account", string> = {
  registered: "App",
  credential: "Company credential",
  service_account: "Service account",
};
