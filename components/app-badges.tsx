/** An app's state in words. */
import { isLegacy, type Policy } from "@/lib/oauth/policy";
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

export function LegacyBadge() {
  return (
    <Badge tone="warn" title="Weaker than current practice">
      Legacy
    </Badge>
  );
}
