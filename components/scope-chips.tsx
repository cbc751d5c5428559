/** Scopes by their names, as a developer writes them. */

export function ScopeChips({ scopes }: { scopes: readonly string[] }) {
  return (
    <span className="flex flex-wrap gap-1">
      {scopes.map((scope) => (
        <code key={scope} className="rounded-sm bg-sunk px-1.5 font-mono text-soft text-xs leading-5">
          {scope}
        </code>
      ))}
    </span>
  );
}
