/** How one proves who one is: the authenticator app, passkeys, recovery codes. */
import type { Metadata } from "next";
import { PasskeyCard } from "@/components/passkey-card";
import { RecoveryCodesCard } from "@/components/recovery-codes-card";
import { TwoFactorCard } from "@/components/two-factor-card";
import { PageHead } from "@/components/ui/page-head";
import { listPasskeys } from "@/lib/db/passkeys";
import { findSecondFactors } from "@/lib/db/second-factors";
import { runtime } from "@/lib/server/runtime";
import { requireUser } from "@/lib/server/session";
import { removeAuthenticator, startAuthenticator } from "./authenticator-actions";
import { beginPasskey, finishPasskey, forgetPasskey, renamePasskey } from "./passkey-actions";

export const metadata: Metadata = { title: "Security" };

export default async function SecurityPage() {
  const user = await requireUser("/settings/security");
  const { db } = runtime();
  const [{ totp, codes }, passkeys] = await Promise.all([
    findSecondFactors(db, user.id),
    listPasskeys(db, user.id),
  ]);
  return (
    <>
      <PageHead title="Security" text="How you prove that it is you who signs in." />
      <div className="grid max-w-[46rem] gap-5">
        <TwoFactorCard totp={totp} start={startAuthenticator} remove={removeAuthenticator} />
        {totp && <RecoveryCodesCard codes={codes} />}
        <PasskeyCard
          passkeys={passkeys}
          begin={beginPasskey}
          finish={finishPasskey}
          rename={renamePasskey}
          remove={forgetPasskey}
        />
      </div>
    </>
  );
}
