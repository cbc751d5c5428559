"use client";
/** The form of a personal token. */
import type { TypedToken } from "@/lib/server/token-form";
import type { CreateTokenState } from "./create-token";
import { errorOf } from "./ui/action-state";
import { Card, CardBody } from "./ui/card";
import { CheckBoxes, type Choice } from "./ui/check-boxes";
import { FormError } from "./ui/form-error";
import { FormFoot } from "./ui/form-foot";
import { KeepForm } from "./ui/keep-form";
import { Note } from "./ui/note";
import { type Option, SelectField } from "./ui/select-field";
import { TextField } from "./ui/text-field";
import { TextareaField } from "./ui/textarea-field";

/** What there is to choose from for this person. */
export interface TokenFormChoices {
  scopes: readonly Omit<Choice, "checked">[];
  companies: readonly { id: string; name: string }[];
  lifetimes: readonly Option[];
  /** The first and the last day a token may end on. */
  days: { min: string; max: string };
  /** What the form shows before it is touched. */
  draft: TypedToken;
  /** Did a link fill it in? */
  isFromLink: boolean;
}

interface CreateTokenFormProps {
  state: CreateTokenState;
  submit: (form: FormData) => void;
  pending: boolean;
  choices: TokenFormChoices;
}

export function CreateTokenForm({ state, submit, pending, choices }: CreateTokenFormProps) {
  const typed = state?.ok === false ? state.typed : choices.draft;
  const error = errorOf(state, "form");
  return (
    <KeepForm state={state} submit={submit} pending={pending} className="grid grid-cols-1 gap-5">
      <FormError text={error} />
      {choices.isFromLink && (
        <Note role="status">
          <strong>A link filled this form in.</strong> Check what it asks for, and create the token only if
          you know who gave you the link.
        </Note>
      )}
      <Card>
        <CardBody>
          <TextField
            id="name"
            name="name"
            label="Token name"
            hint="What it is for, so that you know later which one to end."
            defaultValue={typed.name}
            autoComplete="off"
            maxLength={60}
            error={errorOf(state, "name")}
          />
          <CheckBoxes
            field="scope"
            legend="What it may do"
            choices={choices.scopes.map((scope) => ({
              ...scope,
              checked: typed.scopes.includes(scope.name),
            }))}
            error={errorOf(state, "scopes")}
          />
        </CardBody>
        <div className="border-line border-t" />
        <CardBody>
          <Reach companies={choices.companies} selected={typed.company} error={errorOf(state, "company")} />
          <Lifetime choices={choices} typed={typed} state={state} />
          <TextareaField
            id="addresses"
            name="addresses"
            label="Allowed addresses"
            hint="Optional. One IP address or network a line, as 203.0.113.7 or 2001:db8::/32: calls from elsewhere are refused."
            rows={2}
            defaultValue={typed.addresses}
            error={errorOf(state, "addresses")}
          />
        </CardBody>
      </Card>
      <FormFoot submitLabel="Create token" pending={pending} cancelHref="/settings/api-access/tokens" />
    </KeepForm>
  );
}

interface ReachProps {
  companies: TokenFormChoices["companies"];
  selected: string;
  error?: string;
}

/** A picker where there is something to pick; one company is named; who has none is told what that means. */
function Reach({ companies, selected, error }: ReachProps) {
  const [only, ...others] = companies;
  if (others.length > 0) {
    return (
      <SelectField
        id="company"
        name="company"
        label="Company"
        hint="All of them means those you belong to at the moment the token is used."
        defaultValue={selected}
        error={error}
        options={[
          { value: "all", label: "All of my companies" },
          ...companies.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
    );
  }
  return (
    <div className="grid gap-2.5">
      <FormError text={error} />
      {only && <input type="hidden" name="company" value={only.id} />}
      <Note>
        {only ? (
          <>
            Reaches your company <strong>{only.name}</strong>, for as long as you belong to it.
          </>
        ) : (
          <>You belong to no company, so this token reaches none. It can still say who you are.</>
        )}
      </Note>
    </div>
  );
}

interface LifetimeProps {
  choices: TokenFormChoices;
  typed: TypedToken;
  state: CreateTokenState;
}

/** The date is hidden by CSS (`:has`) until it is asked for, so that this works without JavaScript, too. */
function Lifetime({ choices, typed, state }: LifetimeProps) {
  return (
    <div className="group/lifetime grid items-start gap-5 sm:grid-cols-2">
      <SelectField
        id="expiration"
        name="expiration"
        label="Expiration"
        hint="After that it stops working. You can end it at any time before."
        options={choices.lifetimes}
        defaultValue={typed.expiration}
        error={errorOf(state, "expiration")}
      />
      <TextField
        id="expiresOn"
        name="expiresOn"
        type="date"
        label="Expires on"
        hint="At the end of that day (UTC), at most a year from now."
        min={choices.days.min}
        max={choices.days.max}
        defaultValue={typed.expiresOn}
        error={errorOf(state, "expiresOn")}
        className="hidden group-has-[option[value=custom]:checked]/lifetime:grid"
      />
    </div>
  );
}
