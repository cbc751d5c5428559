/** What every Store promises (lib/oauth/store.ts). One suite for all of them, noun by noun. */
import { describe } from "vitest";
import { approvalsContract } from "./store/approvals.contract";
import { clientsContract } from "./store/clients.contract";
import { codesContract } from "./store/codes.contract";
import { directIssueContract } from "./store/direct-issue.contract";
import { Ground, type StoreSubject } from "./store/ground";
import { policiesContract } from "./store/policies.contract";
import { refreshTokensContract } from "./store/refresh-tokens.contract";
import { tokensContract } from "./store/tokens.contract";

const nouns = [
  clientsContract,
  policiesContract,
  approvalsContract,
  codesContract,
  directIssueContract,
  refreshTokensContract,
  tokensContract,
];

/** @param open makes a store that has nothing in it, whose clock is `now` */
export function storeContract(name: string, open: (now: () => Date) => Promise<StoreSubject>): void {
  describe(`the store in ${name}`, () => {
    const ground = new Ground(name, open);
    for (const contract of nouns) contract(ground);
  });
}
