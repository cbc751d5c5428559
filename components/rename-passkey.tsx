"use client";
/** Giving a passkey another name. */
import { useActionState, useState } from "react";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { DialogFoot } from "./ui/dialog-foot";
import { DialogTrigger } from "./ui/dialog-trigger";
import { SubmitButton } from "./ui/submit-button";
import { TextField } from "./ui/text-field";
import { toast } from "./ui/toast";

interface RenamePasskeyProps {
  id: string;
  name: string;
  action: FormAction;
}

export function RenamePasskey({ id, name, action }: RenamePasskeyProps) {
  const [open, setOpen] = useState(false);
  const [state, submit] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await action(before, form);
    if (after?.ok) {
      setOpen(false);
      toast("Passkey renamed");
    }
    return after;
  }, null);
  return (
    <DialogTrigger
      open={open}
      onOpenChange={setOpen}
      trigger="Rename"
      describedBy={`passkey-${id}`}
      variant="quiet"
      size="sm"
      title="Rename this passkey"
    >
      <form action={submit} className="grid grid-cols-1 gap-5">
        <input type="hidden" name="id" value={id} />
        <TextField
          id="passkey-name"
          name="name"
          label="Name"
          maxLength={60}
          defaultValue={name}
          error={errorOf(state, "name")}
        />
        <DialogFoot onCancel={() => setOpen(false)}>
          <SubmitButton variant="primary">Rename</SubmitButton>
        </DialogFoot>
      </form>
    </DialogTrigger>
  );
}
