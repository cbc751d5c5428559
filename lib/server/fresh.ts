/** Has somebody proved who they are a short while ago? */
import { limits } from "../../latchkey.config";
import type { SignedInUser } from "../db/sessions";
import type { Runtime } from "./runtime";

export function isFresh({ db }: Pick<Runtime, "db">, { confirmedAt }: SignedInUser): boolean {
  return db.now().getTime() - confirmedAt.getTime() < limits.freshSeconds * 1000;
}
