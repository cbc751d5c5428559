/** Lines for a terminal or an address bar. */
import { CopyButton } from "./copy-button";

/** One click selects all of it; long lines scroll inside. `copy` adds a button. */
export function CodeBlock({ code, label, copy }: { code: string; label: string; copy?: boolean }) {
  return (
    <div className="relative rounded-md border border-line bg-sunk">
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        className="overflow-x-auto rounded-md"
      >
        <pre className="w-max min-w-full select-all px-3.5 py-3 font-mono text-[0.8125rem] leading-5">
          <code>{code}</code>
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
