/** A person's passkeys, and adding one. */
import { KeyRound } from "lucide";
import type { ComponentProps } from "react";
import type { PasskeyRow } from "@/lib/db/passkeys";
import { AddPasskey } from "./add-passkey";
import { RenamePasskey } from "./rename-passkey";
import type { FormAction } from "./ui/action-state";
import { Badge } from "./ui/badge";
import { Card, CardHead } from "./ui/card";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { Icon } from "./ui/icon";
import { Moment } from "./ui/moment";

interface PasskeyCardProps extends ComponentProps<typeof AddPasskey> {
  passkeys: readonly PasskeyRow[];
  rename: FormAction;
  remove: FormAction;
}

export function PasskeyCard({ passkeys, begin, finish, rename, remove }: PasskeyCardProps) {
  return (
    <Card>
      <CardHead
        title="Passkeys"
        text="Your fingerprint, face or PIN instead of password and code. They cannot be phished."
        aside={<AddPasskey begin={begin} finish={finish} />}
      />
      {passkeys.length === 0 ? (
        <p className="px-4 py-5 text-md text-soft sm:px-5">You have no passkey yet.</p>
      ) : (
        <ul aria-label="Passkeys">
          {passkeys.map((passkey) => (
            <li
              key={passkey.id}
              className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-line px-4 py-3 not-first:border-t sm:px-5"
            >
              <Passkey {...passkey} />
              <div className="flex items-center gap-1">
                <RenamePasskey id={passkey.id} name={passkey.name} action={rename} />
                <ConfirmDialog
                  trigger="Remove"
                  triggerDescribedBy={`passkey-${passkey.id}`}
                  title="Remove this passkey?"
                  confirm="Remove"
                  action={remove}
                  fields={{ id: passkey.id }}
                  done="Passkey removed"
                >
                  <p>
                    <strong className="break-words">{passkey.name}</strong> no longer signs you in. Your
                    device may go on offering it until you delete it there, too.
                  </p>
                </ConfirmDialog>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Passkey({ id, name, isSynced, createdAt, lastUsedAt }: PasskeyRow) {
  return (
    <div className="flex min-w-0 items-start gap-3">
      <Icon of={KeyRound} className="mt-0.5 size-5 shrink-0 text-faint" strokeWidth={1.75} />
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2">
          <span id={`passkey-${id}`} className="wrap-anywhere font-medium text-md">
            {name}
          </span>
          {isSynced && <Badge title="Kept by a password manager, on more than one device">Synced</Badge>}
        </p>
        <p className="text-faint text-sm">
          Added <Moment at={createdAt} />, {lastUsedAt ? "last used " : "never used"}
          {lastUsedAt && <Moment at={lastUsedAt} />}
        </p>
      </div>
    </div>
  );
}
