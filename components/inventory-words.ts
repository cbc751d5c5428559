/** Credentials in people's words. */
import type { CredentialKind } from "@/lib/db/inventory-filter";
import type { InventoryRow, Standstill } from "@/lib/db/inventory-row";
import { timeInWords } from "./ui/time-in-words";

export const kindWords: Record<CredentialKind, string> = {
  access: "Access token",
  refresh: "Refresh token",
  personal: "Personal token",
  legacy: "Legacy token",
  secret: "Client secret",
};

/** Why something that is there works for nobody. */
export const standstillWords: Record<Standstill, string> = {
  app: "App not active",
  user: "User not active",
  company: "Left the company",
  consent: "Approval taken back",
  family: "Sign-in ended",
};

const reasons = {
  revoked: "Revoked",
  replaced: "Replaced",
  expired: "Ended",
  leaked: "Reported as leaked",
} as const;

export function stateInWords({ ended }: InventoryRow, now: Date): string {
  if (!ended) return "Active";
  return `${reasons[ended.reason]} ${timeInWords(ended.at, now)}${ended.by ? ` by ${ended.by}` : ""}`;
}
