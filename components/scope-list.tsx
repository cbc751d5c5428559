/** Scopes as sentences a person can judge. */
import { Check, X } from "lucide";
import { Badge } from "./ui/badge";
import { Icon } from "./ui/icon";

interface ScopeListProps {
  scopes: readonly { name: string; title: string; description?: string; isNew?: boolean }[];
  /** What stays out of reach, as whole sentences. */
  cannot?: readonly string[];
}

export function ScopeList({ scopes, cannot = [] }: ScopeListProps) {
  return (
    <ul className="grid divide-y divide-line">
      {scopes.map((scope) => (
        <li key={scope.name} className="flex gap-3 py-3">
          <Icon of={Check} className="mt-0.5 size-4 shrink-0 text-accent" strokeWidth={2.25} />
          <div className="min-w-0">
            <p className="flex flex-wrap items-center gap-x-2 font-medium">
              {scope.title}
              {scope.isNew && <Badge tone="accent">New</Badge>}
            </p>
            {scope.description && <p className="text-faint text-sm">{scope.description}</p>}
          </div>
        </li>
      ))}
      {cannot.map((sentence) => (
        <li key={sentence} className="flex gap-3 py-3 text-faint">
          <Icon of={X} className="mt-0.5 size-4 shrink-0" />
          <span className="min-w-0 text-md">{sentence}</span>
        </li>
      ))}
    </ul>
  );
}
