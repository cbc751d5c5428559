/** How the lists of the administration API are asked for page by page (keyset: a deep page costs what the first does). */
import { z } from "zod";
import { afterCursor } from "../../../db/keyset";

const MAX_LIMIT = 100;

export const pageQuery = {
  after: z
    .string()
    .refine((cursor) => afterCursor(cursor) !== null)
    .describe("`next` of the page before")
    .optional(),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .transform(Number)
    .refine((limit) => limit <= MAX_LIMIT)
    .describe(`How many, 1 to ${MAX_LIMIT}; 50 when left out`)
    .optional(),
};

export const pageWords = `limit (1 to ${MAX_LIMIT}), after (next of the page before)`;

/** `next` of an answer. */
export const nextSchema = z.string().nullable().describe("`after` of the next page; null on the last");

/** A moment (RFC 3339). */
export const moment = z.iso.datetime();
