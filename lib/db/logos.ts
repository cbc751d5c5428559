/** Logos: an app's re-encoded picture, under an id that changes with it. */
import { randomId } from "../oauth/tokens";
import type { Database } from "./database";
import type { Prisma } from "./generated/client";

/**
 * Replaces an app's logo. The picture's row refers to the app and the app names the picture, so the app is written in
 * between.
 * @param logo a re-encoded picture; undefined leaves what is there, null removes it
 */
export async function saveLogo(
  db: Database,
  tx: Prisma.TransactionClient,
  appId: string,
  logo: Uint8Array | null | undefined,
  writeApp: (logoId: string | null) => Promise<void>,
): Promise<string | null> {
  const logoId = logo ? randomId(20, db.random) : null;
  await writeApp(logoId);
  if (logo !== undefined) await tx.logo.deleteMany({ where: { appId } });
  if (logo && logoId) await tx.logo.create({ data: { id: logoId, appId, image: new Uint8Array(logo) } });
  return logoId;
}

/** A logo's bytes, for everybody. */
export async function findLogo(db: Database, logoId: string): Promise<Uint8Array | null> {
  const logo = await db.prisma.logo.findUnique({ where: { id: logoId }, select: { image: true } });
  return logo?.image ?? null;
}
