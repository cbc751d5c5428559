/** What lists of tokens say of each: its name, the start and end of its value, its reach and its app. */
import { brand } from "@/latchkey.config";
import type { TokenRow } from "@/lib/db/token-list";
import { logoSrc } from "./app-words";
import { Logo } from "./ui/logo";
import { Cell, HeadCell } from "./ui/table";

const kinds: Record<TokenRow["kind"], { label: string; prefix: string }> = {
  access: { label: "Access token", prefix: "at" },
  personal: { label: "Personal token", prefix: "pat" },
  legacy: { label: "Legacy token", prefix: "lt" },
};

/** What it was called, or what it is. */
export function nameOfToken({ name, kind }: Pick<TokenRow, "name" | "kind">): string {
  return name ?? kinds[kind].label;
}

/** As much of its value as is kept. */
export function startOfToken({ kind, last4 }: Pick<TokenRow, "kind" | "last4">): string {
  return `${brand.credentialPrefix}${kinds[kind].prefix}_…${last4}`;
}

/** @param networks where it may be used from; none: anywhere */
export function TokenHead({ token, networks = [] }: { token: TokenRow; networks?: readonly string[] }) {
  const reach = token.allCompanies ? "All companies" : token.company?.name;
  return (
    <HeadCell id={`token-${token.handle}`}>
      <span className="block font-medium">{nameOfToken(token)}</span>
      <span className="block text-faint text-sm">
        <code className="font-mono text-xs">{startOfToken(token)}</code>
        {reach && <> · {reach}</>}
      </span>
      {networks.length > 0 && (
        <span className="block text-faint text-sm" title={networks.join("\n")}>
          Only from {networks[0]}
          {networks.length > 1 && ` and ${networks.length - 1} more`}
        </span>
      )}
    </HeadCell>
  );
}

export function TokenApp({ token: { app, kind } }: { token: TokenRow }) {
  return (
    <Cell label="App">
      {app ? (
        <span className="flex min-w-0 items-center gap-2">
          <Logo name={app.name} src={logoSrc(app.logoId)} size="sm" />
          <span className="min-w-0 truncate">{app.name}</span>
        </span>
      ) : (
        <span className="text-faint">{kind === "access" ? "An app that is gone" : "Made by you"}</span>
      )}
    </Cell>
  );
}
