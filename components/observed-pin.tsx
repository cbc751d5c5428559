"use client";
/** Which of the redirect URIs that were seen are kept when a domain is turned into exact URIs. */
import { type ReactNode, useActionState, useState } from "react";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { DialogFoot } from "./ui/dialog-foot";
import { DialogTrigger } from "./ui/dialog-trigger";
import { FormError } from "./ui/form-error";
import { KeepForm } from "./ui/keep-form";
import { SubmitButton } from "./ui/submit-button";
import { toast } from "./ui/toast";

interface PinRedirectsProps {
  appId: string;
  /** Used last, first. */
  uris: readonly { uri: string; seen: ReactNode }[];
  /** How many can be kept. */
  limit: number;
  action: FormAction;
}

/** The first ones are ticked, as many as can be kept. */
export function PinRedirects({ appId, uris, limit, action }: PinRedirectsProps) {
  const [open, setOpen] = useState(false);
  const [state, submit, pending] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await action(before, form);
    if (!after?.ok) return after;
    setOpen(false);
    toast("Redirect URIs are exact now");
    return after;
  }, null);
  const error = errorOf(state, "form");
  return (
    <DialogTrigger open={open} onOpenChange={setOpen} trigger="Pin to exact" title="Pin to exact" size="sm">
      <KeepForm state={state} submit={submit} pending={pending} className="grid grid-cols-1 gap-5">
        <input type="hidden" name="app" value={appId} />
        <p className="text-md text-soft">
          From then on the app sends people back to these addresses only. Any other address below the domain
          is refused.
        </p>
        <fieldset className="grid min-w-0 grid-cols-1 gap-1.5">
          <legend className="mb-1.5 font-medium text-md">Keep at most {limit}</legend>
          <div className="max-h-[40dvh] divide-y divide-line overflow-y-auto rounded-md border border-edge">
            {uris.map(({ uri, seen }, index) => (
              <label key={uri} className="flex gap-3 px-3.5 py-2.5 hover:bg-sunk">
                <input
                  type="checkbox"
                  name="uri"
                  value={uri}
                  defaultChecked={index < limit}
                  className="mt-1 size-4 shrink-0 accent-accent"
                />
                <span className="min-w-0 text-sm">
                  <span className="wrap-anywhere block font-mono">{uri}</span>
                  <span className="text-faint">{seen}</span>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
        <FormError text={error} />
        <DialogFoot onCancel={() => setOpen(false)}>
          <SubmitButton variant="primary" pending={pending}>
            Pin to exact
          </SubmitButton>
        </DialogFoot>
      </KeepForm>
    </DialogTrigger>
  );
}
