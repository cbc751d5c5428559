/** What the company setup shows somebody who belongs to no company. */
import { Building2 } from "lucide";
import { EmptyState } from "./ui/empty-state";

export function NoCompany() {
  return (
    <EmptyState
      heading="h2"
      icon={Building2}
      title="You belong to no company"
      text="When a company takes you in, you find it here."
    />
  );
}
