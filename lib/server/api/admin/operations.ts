/** Everything the administration API can be asked. */
import { changeApp, deleteApp, listApps, readApp } from "./apps";
import { listAudit } from "./audit";
import { readMe } from "./me";
import type { Operation } from "./operation";
import { listTokens, lookUpToken, revokeToken } from "./tokens";

export const operations: readonly Operation[] = [
  readMe,
  listApps,
  readApp,
  changeApp,
  deleteApp,
  listTokens,
  lookUpToken,
  revokeToken,
  listAudit,
];
