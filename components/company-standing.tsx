/** What an administrator changes of a company: its name, and whether its plan includes the API. */
import type { CompanyDetail } from "@/lib/db/all-companies";
import { RenameCompany } from "./rename-company";
import { ActionButton } from "./ui/action-button";
import type { FormAction } from "./ui/action-state";
import { Card, CardBody, CardHead } from "./ui/card";
import { ConfirmDialog } from "./ui/confirm-dialog";

interface CompanyStandingProps {
  company: CompanyDetail;
  actions: Record<"rename" | "include" | "exclude", FormAction>;
}

export function CompanyStanding({ company, actions }: CompanyStandingProps) {
  const { id, name, apiAccess } = company;
  const fields = { company: id };
  return (
    <>
      <Card>
        <CardHead title="Name" text="People see it wherever they choose a company." />
        <CardBody>
          <RenameCompany id={id} name={name} action={actions.rename} />
        </CardBody>
      </Card>
      <Card>
        <div className="flex flex-wrap items-center justify-between gap-3 px-4 py-3.5 sm:px-5">
          <div className="min-w-0">
            <h2 className="font-semibold text-base">API access</h2>
            <p className="text-faint text-sm">
              {apiAccess
                ? "The plan includes the API: tokens reach the company's data."
                : "The plan does not include the API: calls about this company are refused."}
            </p>
          </div>
          {apiAccess ? (
            <ConfirmDialog
              trigger="Take API access"
              title={`Take API access from ${name}?`}
              confirm="Take API access"
              action={actions.exclude}
              fields={fields}
              done={`The plan of ${name} has no API access`}
            >
              <p>
                From the next call on, tokens of its people and its own credentials get 403 for this company.
              </p>
              <p>Nothing is deleted: given back, they work again.</p>
            </ConfirmDialog>
          ) : (
            <ActionButton
              action={actions.include}
              fields={fields}
              done={`The plan of ${name} has API access`}
            >
              Give API access
            </ActionButton>
          )}
        </div>
      </Card>
    </>
  );
}
