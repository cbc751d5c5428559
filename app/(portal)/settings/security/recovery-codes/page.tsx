/** Making new recovery codes, and seeing them once. */
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { NewRecoveryCodes } from "@/components/new-recovery-codes";
import { findSecondFactors } from "@/lib/db/second-factors";
import { runtime } from "@/lib/server/runtime";
import { requireFreshUser } from "@/lib/server/session";
import { makeCodes } from "../authenticator-actions";

export const metadata: Metadata = { title: "Recovery codes" };

export default async function RecoveryCodesPage() {
  const user = await requireFreshUser("/settings/security/recovery-codes");
  const { totp, codes } = await findSecondFactors(runtime().db, user.id);
  if (!totp) redirect("/settings/security");
  return <NewRecoveryCodes left={codes.left} action={makeCodes} />;
}
