/** A service account's state in a word. */
import type { ServiceAccountSummary } from "@/lib/db/service-accounts";
import { Badge } from "./ui/badge";

export function ServiceAccountStatus({ status }: Pick<ServiceAccountSummary, "status">) {
  return status === "active" ? (
    <Badge tone="good" title="Its key and its password work">
      Active
    </Badge>
  ) : (
    <Badge tone="bad" title="Its key, its password and its tokens do not work">
      Suspended
    </Badge>
  );
}
