/** The policy select, with what each preset means. */
import { cn } from "./ui/cn";
import { SelectField } from "./ui/select-field";

export interface PresetChoice {
  value: string;
  label: string;
  description: string;
  /** Is any of its switches weaker than current practice? */
  legacy: boolean;
  /** How many redirect URIs it works with. */
  redirects: "none" | "one" | "many";
}

interface PolicyFieldProps {
  presets: readonly PresetChoice[];
  value: string;
  onChange: (value: string) => void;
  error?: string;
}

/** The sentence under the select follows the choice. */
export function PolicyField({ presets, value, onChange, error }: PolicyFieldProps) {
  const chosen = presets.find((preset) => preset.value === value);
  return (
    <div className="grid gap-1.5">
      <SelectField
        id="preset"
        name="preset"
        label="Policy"
        options={presets}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
      />
      <p aria-live="polite" className={cn("text-sm", chosen?.legacy ? "text-warn" : "text-faint")}>
        {chosen?.description} {chosen?.legacy && "Shown with a Legacy badge."}
      </p>
    </div>
  );
}
