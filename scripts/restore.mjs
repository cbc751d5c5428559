// `npm run restore -- file.tar.gz [--replace]`: puts a backup into the data folder (docs/backup.md).

import "./steps/node-version.mjs";
import { runTool } from "./steps/tool.mjs";

await runTool("lib/server/backup-restore.ts", "restore");
