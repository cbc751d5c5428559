"use client";
/** One switch of a policy: a select and, where it differs from Standard, the day on which it falls back. */
import { useState } from "react";
import { type ActionState, errorOf } from "./ui/action-state";
import { type Option, SelectField } from "./ui/select-field";
import { TextField } from "./ui/text-field";

export interface SwitchFacts {
  /** The name of the select. */
  name: string;
  title: string;
  /** The sentence current practice rests on. */
  spec: string;
  value: string;
  options: readonly Option[];
  /** What `Standard` says, as a value and in words. */
  standard: string;
  standardLabel: string;
  untilName: string;
  /** `2027-01-31`, or empty. */
  until: string;
  mustEnd: boolean;
  /** Why it cannot be moved. */
  unavailable: string | null;
}

interface PolicySwitchProps {
  facts: SwitchFacts;
  state: ActionState;
  /** The first and the last day that can be chosen. */
  days: { min: string; max: string };
}

export function PolicySwitch({ facts, state, days }: PolicySwitchProps) {
  const [value, setValue] = useState(facts.value);
  const { name, title, spec, options, untilName, unavailable } = facts;
  const differs = value !== facts.standard;
  return (
    <div className="grid grid-cols-1 items-start gap-x-5 gap-y-3 sm:grid-cols-[minmax(0,1fr)_16rem]">
      <SelectField
        id={name}
        name={name}
        label={title}
        options={options}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
        disabled={unavailable !== null}
        hint={unavailable ?? (differs ? `Standard: ${facts.standardLabel}. ${spec}.` : `${spec}.`)}
        error={errorOf(state, name)}
      />
      {differs && !unavailable && (
        <TextField
          id={untilName}
          name={untilName}
          type="date"
          label="Falls back to Standard on"
          aria-label={`${title}: falls back to Standard on`}
          optional={!facts.mustEnd}
          defaultValue={facts.until}
          {...days}
          error={errorOf(state, untilName)}
        />
      )}
    </div>
  );
}
