/** A search that is a plain GET form: its result has an address. */
import { Search, X } from "lucide";
import Link from "next/link";
import { cn } from "./cn";
import { controlClass } from "./field";
import { Icon } from "./icon";

interface SearchFieldProps {
  /** The list's address; the words go into `?q=`. */
  action: string;
  label: string;
  value: string;
}

export function SearchField({ action, label, value }: SearchFieldProps) {
  return (
    <search className="relative block min-w-0 flex-1 sm:max-w-72">
      <form action={action}>
        <Icon
          of={Search}
          className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-3 size-4 text-faint"
        />
        <input
          type="search"
          name="q"
          aria-label={label}
          placeholder={label}
          defaultValue={value}
          maxLength={100}
          autoComplete="off"
          className={cn(
            controlClass,
            "h-9 text-base pr-9 pl-9 pointer-coarse:h-11 [&::-webkit-search-cancel-button]:hidden",
          )}
        />
        {value && (
          <Link
            href={action}
            aria-label="Clear search"
            className="-translate-y-1/2 absolute top-1/2 right-1.5 grid size-7 place-items-center rounded-sm text-faint hover:bg-sunk hover:text-ink"
          >
            <Icon of={X} className="size-4" />
          </Link>
        )}
      </form>
    </search>
  );
}
