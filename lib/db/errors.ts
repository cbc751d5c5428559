/** What the database refused, as far as the caller can do something about it. */
import { Prisma } from "./generated/client";

/** Has another row what must be there once? */
export function isTaken(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}
