"use client";
/** The app's picture: choose one, see it, or go without. */
import { Image as ImageIcon } from "lucide";
import { useEffect, useState } from "react";
import { logoSrc } from "./app-words";
import { describes, FieldError, labelClass } from "./ui/field";
import { Icon } from "./ui/icon";
import { Logo } from "./ui/logo";

interface LogoFieldProps {
  /** The app's name, for the tile that stands in. */
  name: string;
  logoId: string | null;
  error?: string;
}

export function LogoField({ name, logoId, error }: LogoFieldProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  useEffect(() => () => URL.revokeObjectURL(chosen ?? ""), [chosen]);
  const hint =
    "PNG, JPEG or WebP, up to 512 KB. Shown beside the name when people are asked to allow the app.";
  return (
    <div className="grid grid-cols-1 gap-1.5">
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor="logo" className={labelClass}>
          Logo
        </label>
        <span className="text-faint text-sm">Optional</span>
      </div>
      <div className="flex items-center gap-3.5">
        {name || logoId || chosen ? (
          <Logo name={name} src={chosen ?? logoSrc(logoId)} size="lg" onBroken={() => setChosen(null)} />
        ) : (
          <span className="grid size-12 shrink-0 place-items-center rounded-lg border border-edge border-dashed text-faint">
            <Icon of={ImageIcon} className="size-5" strokeWidth={1.5} />
          </span>
        )}
        <input
          type="file"
          id="logo"
          name="logo"
          accept="image/png,image/jpeg,image/webp"
          {...describes("logo", { hint, error })}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            setChosen(file ? URL.createObjectURL(file) : null);
          }}
          className="min-w-0 flex-1 rounded-md text-faint text-sm file:mr-3 file:h-9 file:cursor-pointer file:rounded-md file:border file:border-edge file:border-solid file:bg-panel file:px-3.5 file:font-medium file:text-ink file:text-md hover:file:bg-sunk pointer-coarse:file:h-11"
        />
      </div>
      <FieldError id="logo" error={error} />
      <p id="logo-hint" className="text-faint text-sm">
        {hint}
      </p>
      {logoId && (
        <label className="flex w-fit items-center gap-2 py-1 text-md">
          <input type="checkbox" name="removeLogo" className="size-4 accent-accent" />
          Remove the picture
        </label>
      )}
    </div>
  );
}
