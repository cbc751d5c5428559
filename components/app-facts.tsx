/** What an app is registered as. */
import type { ReactNode } from "react";
import type { AppDetail } from "@/lib/db/apps";
import { presets } from "@/lib/oauth/presets";
import { isLegacy } from "@/lib/oauth/switches";
import { LegacyBadge } from "./app-badges";
import { typeWords } from "./app-words";
import { ScopeChips } from "./scope-chips";

/** @param observed what is known of the addresses below a redirect domain */
export function AppFacts({
  app,
  observed,
}: {
  app: Omit<AppDetail, "company" | "isOwner">;
  observed?: ReactNode;
}) {
  return (
    <dl>
      <Fact title="Client ID">
        <code className="wrap-anywhere font-mono text-sm">{app.id}</code>
      </Fact>
      <Fact title="App type">
        {typeWords[app.type].label} <span className="text-faint">· {typeWords[app.type].meaning}</span>
      </Fact>
      <Fact title={app.redirect.match === "exact" ? "Redirect URIs" : "Redirect domain"}>
        {app.redirect.match === "exact" && app.redirect.uris.length === 0 ? (
          <span className="text-faint">None: it sends nobody anywhere</span>
        ) : app.redirect.match === "exact" ? (
          <ul className="grid gap-0.5">
            {app.redirect.uris.map((uri) => (
              <li key={uri} className="wrap-anywhere font-mono text-sm">
                {uri}
              </li>
            ))}
          </ul>
        ) : (
          <>
            <code className="wrap-anywhere font-mono text-sm">{app.redirect.domain}</code>
            <span className="block text-faint text-sm">This path and everything below it, no subdomains</span>
          </>
        )}
      </Fact>
      {app.redirect.match === "origin_path" && observed && <Fact title="Seen in use">{observed}</Fact>}
      <Fact title="Scopes">
        <ScopeChips scopes={app.scopes} />
      </Fact>
      <Fact title="Policy">
        <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          {presets[app.policy.preset].label}
          {isLegacy(app.policy) && <LegacyBadge />}
        </span>
      </Fact>
    </dl>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-6 gap-y-0.5 border-line px-4 py-3 not-first:border-t sm:grid-cols-[10rem_minmax(0,1fr)] sm:px-5">
      <dt className="text-md text-soft">{title}</dt>
      <dd className="min-w-0 text-md">{children}</dd>
    </div>
  );
}
