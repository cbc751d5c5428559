/** The folder of a new embedded database: made aside and moved into place, so that it is whole or not there. */
import fs from "node:fs";
import { PGlite } from "@electric-sql/pglite";

/** What a first start has not finished; the next one begins anew. */
export const UNFINISHED = ".new";

/**
 * Makes the database unless it is there. PGlite takes a folder with a PG_VERSION for a database, and writes that file
 * before its last ones: a process killed in between would leave one that never opens.
 * @param folder whose parent exists
 */
export async function makeDatabase(folder: string): Promise<void> {
  if (fs.existsSync(folder)) return;
  const draft = `${folder}${UNFINISHED}`;
  fs.rmSync(draft, { recursive: true, force: true });
  const lite = await PGlite.create(draft);
  await lite.close();
  fs.renameSync(draft, folder);
}
