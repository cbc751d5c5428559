/** Lines for a terminal, or one for an address bar. */
import { Fragment } from "react";
import { cn } from "./cn";
import { CopyButton } from "./copy-button";

interface CodeBlockProps {
  code: string;
  label: string;
  /** Adds a button. */
  copy?: boolean;
}

/** One click selects all of it. An address stays one line for the clipboard and breaks between its parameters. */
export function CodeBlock({ code, label, copy }: CodeBlockProps) {
  const address = !code.includes("\n");
  return (
    <div className="relative rounded-md border border-line bg-sunk">
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        className="overflow-x-auto rounded-md"
      >
        <pre
          className={cn(
            "select-all px-3.5 py-3 font-mono text-[0.8125rem] leading-5",
            address ? "whitespace-normal wrap-anywhere" : "w-max min-w-full",
            copy && (address ? "pt-11 sm:pt-3 sm:pr-24" : "max-sm:pt-11"),
          )}
        >
          <code>{address ? breakable(code) : code}</code>
        </pre>
      </section>
      {copy && (
        <div className="absolute top-1 right-1 rounded-md bg-sunk">
          <CopyButton text={code} />
        </div>
      )}
    </div>
  );
}

function breakable(address: string) {
  return address.split(/(?<=[?&])(?=.)/).map((part) => (
    <Fragment key={part}>
      {part}
      <wbr />
    </Fragment>
  ));
}
