/** An app's state in words. */
import { BadgeCheck } from "lucide";
import { brand } from "@/latchkey.config";
import type { Policy } from "@/lib/oauth/policy";
import { isLegacy } from "@/lib/oauth/switches";
import { statusWords } from "./app-words";
import { Badge } from "./ui/badge";
import { Icon } from "./ui/icon";

interface AppBadgesProps {
  status: keyof typeof statusWords;
  policy: Policy;
  verifiedAt?: Date | null;
}

export function AppBadges({ status, policy, verifiedAt }: AppBadgesProps) {
  return (
    <span className="relative z-10 flex gap-1.5">
      {verifiedAt && <VerifiedBadge />}
      {isLegacy(policy) && <LegacyBadge />}
      <AppStatusBadge status={status} />
    </span>
  );
}

export function AppStatusBadge({ status }: { status: keyof typeof statusWords }) {
  const { label, tone, meaning } = statusWords[status];
  return (
    <Badge tone={tone} title={meaning}>
      {label}
    </Badge>
  );
}

/** @param children what it says; `Verified` otherwise */
export function VerifiedBadge({ children = "Verified" }: { children?: string }) {
  return (
    <Badge tone="accent" title={`${brand.name} has looked at this app and vouches for who makes it`}>
      <Icon of={BadgeCheck} className="size-3.5" />
      {children}
    </Badge>
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
