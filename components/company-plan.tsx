/** What a company's plan includes, and whom to ask for another one. */
import { Badge } from "./ui/badge";
import { Card } from "./ui/card";

interface CompanyPlanProps {
  apiAccess: boolean;
  /** Who decides about plans; null for members, who ask those who manage the company. */
  administrators: readonly { name: string; email: string }[] | null;
}

export function CompanyPlan({ apiAccess, administrators }: CompanyPlanProps) {
  return (
    <Card>
      <div className="flex flex-wrap items-start justify-between gap-3 px-4 py-4 sm:px-5">
        <div className="min-w-0">
          <h2 className="font-semibold text-base">Plan</h2>
          <p className="max-w-[60ch] text-md text-soft">
            {apiAccess
              ? "Apps, tokens and API credentials reach this company's data."
              : "Requests for this company's data are refused, and no API credentials can be made."}{" "}
            {administrators === null
              ? "Ask an owner or an auth manager if you need something else."
              : "The administrators of this installation set it."}
          </p>
          {administrators && administrators.length > 0 && (
            <ul aria-label="Whom to ask" className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-sm">
              {administrators.map(({ name, email }) => (
                <li key={email} className="wrap-anywhere">
                  {name},{" "}
                  <a
                    href={`mailto:${email}`}
                    className="text-soft underline decoration-edge underline-offset-2 hover:text-ink"
                  >
                    {email}
                  </a>
                </li>
              ))}
            </ul>
          )}
        </div>
        <Badge tone={apiAccess ? "good" : "plain"}>API access: {apiAccess ? "yes" : "no"}</Badge>
      </div>
    </Card>
  );
}
