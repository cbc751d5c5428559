/** The roles in a company, in words. */
import type { CompanyRole } from "@/lib/db/users";

export const roleWords: Record<CompanyRole, { label: string; meaning: string }> = {
  owner: {
    label: "Owner",
    meaning: "Everything: members, the company's name, its apps and API credentials.",
  },
  auth_manager: {
    label: "Auth manager",
    meaning: "The company's apps and API credentials, and its audit log.",
  },
  member: {
    label: "Member",
    meaning: "Works in the company, and lets apps act for it in their name.",
  },
};

/** What a `Role` select offers, the least first. */
export const roleOptions = (["member", "auth_manager", "owner"] as const).map((value) => ({
  value,
  label: roleWords[value].label,
}));
