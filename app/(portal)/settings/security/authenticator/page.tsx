/** Setting up an authenticator app: its key as a picture and as text, and the code that proves it. */
import type { Metadata } from "next";
import { QrCode } from "@/components/qr-code";
import { SetUpAuthenticator } from "@/components/set-up-authenticator";
import { findTotpSetup } from "@/lib/db/totp";
import { runtime } from "@/lib/server/runtime";
import { KEY_PURPOSE } from "@/lib/server/second-factor";
import { requireFreshUser } from "@/lib/server/session";
import { totpAddress } from "@/lib/server/totp";
import { confirmAuthenticator } from "../authenticator-actions";

export const metadata: Metadata = { title: "Set up an authenticator app" };

export default async function AuthenticatorPage() {
  const user = await requireFreshUser("/settings/security/authenticator");
  const { db, keys } = runtime();
  const sealed = await findTotpSetup(db, user.id);
  const key = sealed && keys.unseal(KEY_PURPOSE, user.id, sealed);
  // Nothing is being set up, or it has just been proven and this is the page with what came of it.
  if (!key) return <SetUpAuthenticator setup={null} action={confirmAuthenticator} />;
  const picture = (
    <QrCode text={totpAddress(key.text, user.email)} label="QR code for your authenticator app" />
  );
  return <SetUpAuthenticator setup={{ key: key.text, picture }} action={confirmAuthenticator} />;
}
