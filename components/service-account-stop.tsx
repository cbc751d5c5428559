/** Stopping a service account for a while, or for good. */
import type { ServiceAccountDetail } from "@/lib/db/service-accounts";
import { counted } from "./app-words";
import { DeleteByName } from "./delete-by-name";
import { ReactivateServiceAccount } from "./service-account-reactivate";
import type { FormAction } from "./ui/action-state";
import { Card } from "./ui/card";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { Moment } from "./ui/moment";

interface StopServiceAccountProps {
  account: ServiceAccountDetail;
  suspend: FormAction;
  reactivate: FormAction;
  remove: FormAction;
}

const line = "flex flex-wrap items-center justify-between gap-3 px-4 py-3.5 sm:px-5";

export function StopServiceAccount({ account, suspend, reactivate, remove }: StopServiceAccountProps) {
  const { id, name, username, status } = account;
  return (
    <Card className="divide-y divide-line">
      {status === "active" ? (
        <div className={line}>
          <div className="min-w-0">
            <h2 className="font-semibold text-base">Suspend this account</h2>
            <p className="text-faint text-sm">Nothing of it works until it is reactivated.</p>
          </div>
          <ConfirmDialog
            trigger="Suspend"
            title={`Suspend ${name}?`}
            confirm="Suspend"
            action={suspend}
            fields={{ account: id }}
            done={`${name} is suspended`}
          >
            <WhatStops account={account} />
            <p>Once it is reactivated, its key, its password and tokens that have not expired work again.</p>
          </ConfirmDialog>
        </div>
      ) : (
        <div className={line}>
          <div className="min-w-0">
            <h2 className="font-semibold text-base">Reactivate this account</h2>
            <p className="text-faint text-sm">
              Its key, its password and tokens that have not expired work again.
            </p>
          </div>
          <ReactivateServiceAccount accountId={id} action={reactivate} done={`${name} is active`} />
        </div>
      )}
      <div className={line}>
        <div className="min-w-0">
          <h2 className="font-semibold text-base">Delete this account</h2>
          <p className="text-faint text-sm">Its secrets and tokens end at once. There is no way back.</p>
        </div>
        <DeleteByName
          label="Delete account"
          name={name}
          typed={username}
          action={remove}
          fields={{ account: id }}
          then="/admin/service-accounts"
        >
          <WhatStops account={account} />
          <p>The API Key cannot be used again.</p>
        </DeleteByName>
      </div>
    </Card>
  );
}

function WhatStops({ account: { liveTokens, lastUsedAt } }: Pick<StopServiceAccountProps, "account">) {
  return (
    <p>
      The API Key and the password stop working, and <strong>{counted(liveTokens, "token")}</strong> with
      them.
      {lastUsedAt && (
        <>
          {" "}
          It was last used{" "}
          <strong>
            <Moment at={lastUsedAt} />
          </strong>
          .
        </>
      )}
    </p>
  );
}
