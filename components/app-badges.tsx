/** An app's state in words. */
import type { Policy } from "@/lib/oauth/policy";
import { isLegacy } from "@/lib/oauth/switches";
import { statusWords } from "./app-words";
import { Badge } from "./ui/badge";

export function AppBadges({ status, policy }: { status: keyof typeof statusWords; policy: Policy }) {
  const { label, tone, meaning } = statusWords[status];
  return (
    <span className="relative z-10 flex gap-1.5">
      {isLegacy(policy) && <LegacyBadge />}
      <Badge tone={tone} title={meaning}>
        {label}
      </Badge>
    </span>
  );
}

/** @param title what current practice rests on, for those who point at it */
export function LegacyBadge({ title = "Weaker than current practice" }: { title?: string }) {
  return (
    <Badge tone="warn" title={title}>
      Legacy
    </Badge>
  );
}
