/** Does a company's plan include the API? */
import { Badge } from "./ui/badge";

export function PlanBadge({ apiAccess }: { apiAccess: boolean }) {
  return apiAccess ? (
    <Badge tone="good" title="Tokens reach this company's data">
      API access
    </Badge>
  ) : (
    <Badge title="Calls about this company are refused">No API access</Badge>
  );
}
