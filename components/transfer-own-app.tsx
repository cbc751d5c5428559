/** Giving one's own app to a company one manages. */
import type { FormAction } from "./ui/action-state";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { SelectField } from "./ui/select-field";

interface TransferOwnAppProps {
  app: { id: string; name: string };
  /** The companies the person manages. */
  companies: readonly { id: string; name: string }[];
  action: FormAction;
}

export function TransferOwnApp({ app, companies, action }: TransferOwnAppProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 px-4 py-3.5 sm:px-5">
      <div className="min-w-0">
        <h2 className="font-semibold text-base">Transfer to a company</h2>
        <p className="text-faint text-sm">
          Its owners and auth managers maintain it from then on. It does not come back.
        </p>
      </div>
      <ConfirmDialog
        trigger="Transfer app"
        title={`Transfer ${app.name}?`}
        confirm="Transfer app"
        action={action}
        fields={{ app: app.id }}
        done={`${app.name} is transferred`}
      >
        <SelectField
          id="company"
          name="company"
          label="Company"
          options={companies.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <p>
          Client ID, secrets and what people allowed stay as they are; the consent screen names the company.
          Tokens the app got for itself stood for you, and end.
        </p>
      </ConfirmDialog>
    </div>
  );
}
