/** The policy select, with what each preset means. */
import { SelectField } from "./ui/select-field";

export interface PresetChoice {
  value: string;
  label: string;
  description: string;
}

interface PolicyFieldProps {
  presets: readonly PresetChoice[];
  defaultValue: string;
  error?: string;
}

/** The sentence under the select follows the choice, by CSS alone. */
export function PolicyField({ presets, defaultValue, error }: PolicyFieldProps) {
  return (
    <div className="group/policy grid gap-1.5">
      <SelectField
        id="preset"
        name="preset"
        label="Policy"
        options={presets}
        defaultValue={defaultValue}
        error={error}
      />
      <div aria-live="polite" className="text-faint text-sm">
        <p className="group-has-[option[value=perpetual]:checked]/policy:hidden">
          {describe(presets, "standard")}
        </p>
        <p className="hidden text-warn group-has-[option[value=perpetual]:checked]/policy:block">
          {describe(presets, "perpetual")} Shown with a Legacy badge.
        </p>
      </div>
    </div>
  );
}

function describe(presets: readonly PresetChoice[], value: string): string {
  return presets.find((preset) => preset.value === value)?.description ?? "";
}
