// `npm run backup -- file.tar.gz`: a copy of the data folder, taken while the server serves (docs/backup.md).

import "./steps/node-version.mjs";
import { runTool } from "./steps/tool.mjs";

await runTool("lib/server/backup.ts", "backup");
