"use client";
/** What administrators decide for the whole installation. */
import { useActionState } from "react";
import { InstanceSwitch } from "./instance-switch";
import { type ActionState, errorOf, type FormAction } from "./ui/action-state";
import { Card, CardBody, CardHead } from "./ui/card";
import { FormError } from "./ui/form-error";
import { KeepForm } from "./ui/keep-form";
import { RadioCards } from "./ui/radio-cards";
import { SelectField } from "./ui/select-field";
import { SubmitButton } from "./ui/submit-button";
import { toast } from "./ui/toast";

interface InstanceSettingsProps {
  action: FormAction;
  instance: {
    implicit: boolean;
    password: boolean;
    registration: string;
    endless_personal_tokens: boolean;
    leaked_credentials: string;
    sign_up: string;
  };
}

const registration = [
  { value: "open", label: "Open", description: "Everybody who can sign in registers apps." },
  {
    value: "role",
    label: "By role",
    description: "Only owners and auth managers of a company register apps.",
  },
  {
    value: "approval",
    label: "By approval",
    description: "Everybody asks; an app works for its developer alone until an administrator approves it.",
  },
];

const leaked = [
  { value: "revoke", label: "Revoke", description: "It ends at once, for good, and its owner is told." },
  {
    value: "quarantine",
    label: "Quarantine",
    description:
      "It stops at once, and its owner has 30 days to let it work again. Codes and refresh tokens end.",
  },
];

const signUp = [
  { value: "open", label: "Open" },
  { value: "invitation", label: "By invitation" },
  { value: "off", label: "Off" },
];

export function InstanceSettings({ action, instance }: InstanceSettingsProps) {
  const [state, submit, pending] = useActionState(async (before: ActionState, form: FormData) => {
    const after = await action(before, form);
    if (after?.ok) toast("Settings saved");
    return after;
  }, null);
  const error = errorOf(state, "form");
  return (
    <KeepForm state={state} submit={submit} pending={pending} className="grid grid-cols-1 gap-5">
      <Card>
        <CardHead title="Who makes an account" text="Accounts that are there already stay as they are." />
        <CardBody>
          <SelectField
            id="sign_up"
            name="sign_up"
            label="Sign-up"
            options={signUp}
            defaultValue={instance.sign_up}
            hint="Open: whoever proves that an e-mail address is theirs. By invitation: whom a company invites, and who comes from the single sign-on. Off: nobody new."
            error={errorOf(state, "sign_up")}
            className="max-w-[34rem]"
          />
        </CardBody>
      </Card>
      <Card>
        <CardHead title="Who registers apps" text="Apps that are there already stay as they are." />
        <CardBody>
          <RadioCards
            id="registration"
            name="registration"
            legend="Registration"
            cards={registration}
            defaultValue={instance.registration}
            error={errorOf(state, "registration")}
          />
        </CardBody>
      </Card>
      <Card>
        <CardHead
          title="Grants for old clients"
          text="Off, they are refused everywhere and not advertised. On, each app still needs its own switch with an end date."
        />
        <div className="divide-y divide-line">
          <InstanceSwitch
            name="implicit"
            label="Implicit grant"
            on={instance.implicit}
            warning={implicitWarning}
          >
            For JavaScript apps written before they could exchange a code: the access token comes back in the
            address of the page.
          </InstanceSwitch>
          <InstanceSwitch
            name="password"
            label="Password grant"
            on={instance.password}
            warning={passwordWarning}
          >
            For services that send a username and a password instead of a key. It works for service accounts
            alone; people are always refused.
          </InstanceSwitch>
        </div>
      </Card>
      <Card>
        <CardHead title="Personal tokens" text="Off, every new token ends after a year at most." />
        <InstanceSwitch
          name="endless_personal_tokens"
          label="Personal tokens without expiry"
          on={instance.endless_personal_tokens}
          warning="A token that is forgotten works until somebody revokes it. Turning this off leaves those already made."
        >
          Offers “No expiration” when a personal token is made.
        </InstanceSwitch>
      </Card>
      <Card>
        <CardHead
          title="Credentials reported as leaked"
          text="Anybody may report a token or secret they found. Whoever holds it can use it, so it never goes on working."
        />
        <CardBody>
          <RadioCards
            id="leaked_credentials"
            name="leaked_credentials"
            legend="Leaked credentials"
            cards={leaked}
            defaultValue={instance.leaked_credentials}
            error={errorOf(state, "leaked_credentials")}
          />
        </CardBody>
      </Card>
      <FormError text={error} />
      <div className="grid sm:block">
        <SubmitButton variant="primary" pending={pending}>
          Save settings
        </SubmitButton>
      </div>
    </KeepForm>
  );
}

const implicitWarning =
  "The token passes through browser history, logs and every script of the page, and cannot be renewed. Current practice is the authorization code with PKCE (RFC 9700 §2.1.2).";

const passwordWarning =
  "The app handles the password itself, and whoever has it needs nothing else. Current practice is client credentials with an API Key (RFC 9700 §2.4).";
