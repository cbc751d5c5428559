/** The redirect URIs an app with a domain really uses, and the button that keeps to them. */

import { limits } from "@/latchkey.config";
import type { ObservedUri } from "@/lib/db/observed-redirects";
import { counted } from "./app-words";
import { PinRedirects } from "./observed-pin";
import type { FormAction } from "./ui/action-state";
import { Moment } from "./ui/moment";

/** Shown at first; the rest is behind a word. */
const SHOWN = 5;

interface ObservedListProps {
  appId: string;
  uris: readonly ObservedUri[];
  pin: FormAction;
}

export function ObservedList({ appId, uris, pin }: ObservedListProps) {
  if (uris.length === 0)
    return <p className="text-faint text-sm">No address has been used yet. Those that are appear here.</p>;
  const rest = uris.slice(SHOWN);
  return (
    <div className="grid grid-cols-1 gap-2.5">
      <Addresses uris={uris.slice(0, SHOWN)} />
      {rest.length > 0 && (
        <details>
          <summary className="w-fit rounded-sm text-sm text-soft hover:text-ink">
            {counted(rest.length, "more address", "more addresses")}
          </summary>
          <div className="mt-2">
            <Addresses uris={rest} />
          </div>
        </details>
      )}
      <div>
        <PinRedirects
          appId={appId}
          limit={limits.redirectUris}
          action={pin}
          uris={uris.map((observed) => ({ uri: observed.uri, seen: <Seen observed={observed} /> }))}
        />
      </div>
    </div>
  );
}

function Addresses({ uris }: { uris: readonly ObservedUri[] }) {
  return (
    <ul className="grid gap-1.5">
      {uris.map((observed) => (
        <li key={observed.uri} className="text-sm">
          <span className="wrap-anywhere block font-mono">{observed.uri}</span>
          <span className="text-faint">
            <Seen observed={observed} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Seen({ observed: { count, lastAt } }: { observed: ObservedUri }) {
  return (
    <>
      {counted(count, "request")}, last <Moment at={lastAt} />
    </>
  );
}
