"use client";
/** A read-only value for machines, with its Copy button. */
import { useId } from "react";
import { CopyButton } from "./copy-button";
import { labelClass } from "./field";

interface CopyFieldProps {
  label: string;
  value: string;
  hint?: string;
}

/** Focusing the field selects all of it. */
export function CopyField({ label, value, hint }: CopyFieldProps) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label id={`${id}-label`} htmlFor={id} className={labelClass}>
        {label}
      </label>
      <div className="flex items-center rounded-md border border-edge bg-panel pr-1 has-[input:focus-visible]:border-accent has-[input:focus-visible]:outline-1 has-[input:focus-visible]:outline-accent">
        <input
          id={id}
          readOnly
          value={value}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={hint ? `${id}-hint` : undefined}
          onFocus={(event) => event.currentTarget.select()}
          className="h-10 min-w-0 flex-1 truncate rounded-md bg-transparent px-3 font-mono text-sm outline-none pointer-coarse:h-11"
        />
        <CopyButton text={value} describedBy={`${id}-label`} />
      </div>
      {hint && (
        <p id={`${id}-hint`} className="text-faint text-sm">
          {hint}
        </p>
      )}
    </div>
  );
}
