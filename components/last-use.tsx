/** When a credential was last used, where from and with which program. */
import { Moment } from "./ui/moment";
import { UsedFrom } from "./used-from";

export interface Use {
  lastUsedAt: Date | null;
  lastUsedAddress: string | null;
  lastUsedAgent: string | null;
}

export function LastUse({ of: { lastUsedAt, lastUsedAddress, lastUsedAgent } }: { of: Use }) {
  if (!lastUsedAt) return "Never";
  return (
    <span className="wrap-anywhere">
      <Moment at={lastUsedAt} />
      <UsedFrom address={lastUsedAddress} agent={lastUsedAgent} />
    </span>
  );
}
