/** Receipts: what stood on the consent screen when a person allowed an app. */
import { z } from "zod";
import type { Receipt } from "../oauth/store";
import type { Database } from "./database";

/** How many receipts of one approval are shown; an app that asks each time leaves one each time. */
const SHOWN = 5;

const receiptSchema = z.object({
  app: z.string(),
  owner: z.string(),
  redirectHost: z.string(),
  company: z.string().nullable(),
  scopes: z.array(z.object({ name: z.string(), title: z.string(), description: z.string() })),
}) satisfies z.ZodType<Receipt>;

export interface ReceiptRow {
  consentId: string;
  at: Date;
  shown: Receipt;
  /** How many the same approval has in all. */
  of: number;
}

/** The newest receipts of each approval that still stands, newest first. @param appId of one app; of all otherwise */
export async function listReceipts(db: Database, userId: string, appId?: string): Promise<ReceiptRow[]> {
  // Raw because Prisma cannot number rows within their group.
  const { rows } = await db.pool.query<{ consent_id: string; at: Date; shown: unknown; total: number }>(
    `SELECT * FROM (
       SELECT r.consent_id, r.at, r.shown, r.id, count(*) OVER (PARTITION BY r.consent_id)::int AS total,
         row_number() OVER (PARTITION BY r.consent_id ORDER BY r.at DESC, r.id DESC) AS place
       FROM consent_receipts r JOIN consents k ON k.id = r.consent_id
       WHERE r.user_id = $1 AND k.user_id = $1 AND ($2::text IS NULL OR r.app_id = $2)
     ) AS numbered WHERE place <= $3 ORDER BY at DESC, id DESC`,
    [userId, appId ?? null, SHOWN],
  );
  return rows.flatMap(({ consent_id, at, shown, total }) => {
    const { data } = receiptSchema.safeParse(shown);
    return data ? [{ consentId: consent_id, at, shown: data, of: total }] : [];
  });
}
