"use client";
/** A member's role, to be changed in its row: the button appears when another one is chosen. */
import { ChevronsUpDown } from "lucide";
import { useActionState, useState } from "react";
import { roleOptions } from "./role-words";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { cn } from "./ui/cn";
import { controlClass } from "./ui/field";
import { Icon } from "./ui/icon";
import { KeepForm } from "./ui/keep-form";
import { SubmitButton } from "./ui/submit-button";
import { toast } from "./ui/toast";

interface MemberRoleProps {
  company: string;
  member: { id: string; name: string; role: string };
  action: FormAction;
}

export function MemberRole({ company, member: { id, name, role }, action }: MemberRoleProps) {
  const [chosen, choose] = useState(role);
  const [state, submit, pending] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await action(before, form);
    if (after?.ok) toast(`The role of ${name} is changed`);
    else choose(role);
    return after;
  }, null);
  const error = errorOf(state, "form");
  return (
    <KeepForm state={state} submit={submit} pending={pending} className="grid gap-1">
      <input type="hidden" name="company" value={company} />
      <input type="hidden" name="member" value={id} />
      <div className="flex items-center gap-2">
        <div className="relative">
          <select
            name="role"
            aria-label={`Role of ${name}`}
            aria-invalid={error ? true : undefined}
            aria-describedby={error ? `role-${id}-error` : undefined}
            value={chosen}
            onChange={(event) => choose(event.target.value)}
            className={cn(controlClass, "h-8 appearance-none pr-8 text-md pointer-coarse:h-10")}
          >
            {roleOptions.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
          <Icon
            of={ChevronsUpDown}
            className="-translate-y-1/2 pointer-events-none absolute top-1/2 right-2.5 size-3.5 text-faint"
          />
        </div>
        {chosen !== role && (
          <SubmitButton size="sm" variant="primary" pending={pending}>
            Save
          </SubmitButton>
        )}
      </div>
      {error && (
        <p id={`role-${id}-error`} role="alert" className="max-w-64 font-medium text-bad text-sm">
          {error}
        </p>
      )}
    </KeepForm>
  );
}
