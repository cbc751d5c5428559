/** What an app is for, said to whoever approves it. */
import { TextareaField } from "./ui/textarea-field";

export function PurposeField({ purpose, error }: { purpose: string; error?: string }) {
  return (
    <TextareaField
      id="purpose"
      name="purpose"
      label="What is it for?"
      hint="An administrator reads this before people can allow the app."
      defaultValue={purpose}
      required
      maxLength={1000}
      prose
      error={error}
    />
  );
}
