/** One switch of the installation: its name, what it is for, and what turning it on means. */
import { TriangleAlert } from "lucide";
import type { ReactNode } from "react";
import { Icon } from "./ui/icon";

interface InstanceSwitchProps {
  name: string;
  label: string;
  on: boolean;
  /** What turning it on costs. */
  warning: string;
  children: ReactNode;
}

/** A native check box; its row's whole face ticks it, its name is the label alone, the sentences its description. */
export function InstanceSwitch({ name, label, on, warning, children }: InstanceSwitchProps) {
  return (
    <div className="relative flex gap-3.5 px-4 py-4 transition-colors last:rounded-b-lg hover:bg-sunk/60 has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:-outline-offset-2 sm:px-5">
      <input
        type="checkbox"
        id={name}
        name={name}
        defaultChecked={on}
        aria-describedby={`${name}-description ${name}-warning`}
        className="relative z-10 mt-[3px] size-4 shrink-0 accent-accent outline-none"
      />
      <div className="grid min-w-0 gap-1">
        <label htmlFor={name} className="w-fit font-medium text-md after:absolute after:inset-0">
          {label}
        </label>
        <p id={`${name}-description`} className="max-w-[68ch] text-md text-soft">
          {children}
        </p>
        <p id={`${name}-warning`} className="flex max-w-[68ch] gap-2 text-sm text-warn">
          <Icon of={TriangleAlert} className="mt-0.5 size-4 shrink-0" />
          <span className="min-w-0">{warning}</span>
        </p>
      </div>
    </div>
  );
}
