/** The three requests that make an app work, with its own values in them. */
import { CodeBlock } from "./ui/code-block";

export interface QuickstartProps {
  /** The server's public address. */
  issuer: string;
  clientId: string;
  redirectUri: string;
  /** Public apps have no secret to send. */
  secret: boolean;
  pkce: boolean;
  copy?: boolean;
}

export function Quickstart({ copy, ...app }: QuickstartProps) {
  const steps = [
    { title: "Send people to this address", code: authorizeUrl(app), label: "Authorization address" },
    { title: "Exchange the code you get back", code: tokenRequest(app), label: "Token request" },
    { title: "Call the API", code: apiRequest(app.issuer), label: "API request" },
  ];
  return (
    <ol className="grid grid-cols-1 gap-5">
      {steps.map((step, index) => (
        <li key={step.title} className="grid grid-cols-[1.5rem_minmax(0,1fr)] gap-x-3">
          <span
            aria-hidden
            className="grid size-6 place-items-center rounded-full border border-edge font-medium text-soft text-xs tabular-nums"
          >
            {index + 1}
          </span>
          <div className="grid grid-cols-1 gap-2">
            <h3 className="font-medium text-md leading-6">{step.title}</h3>
            <CodeBlock code={step.code} label={step.label} copy={copy} />
          </div>
        </li>
      ))}
    </ol>
  );
}

function authorizeUrl({ issuer, clientId, redirectUri, pkce }: QuickstartProps): string {
  const lines = [
    `${issuer}/oauth/authorize`,
    "?response_type=code",
    `&client_id=${clientId}`,
    `&redirect_uri=${encodeURIComponent(redirectUri)}`,
    "&scope=read",
    "&state=RANDOM_STATE",
    ...(pkce ? ["&code_challenge=S256_OF_VERIFIER", "&code_challenge_method=S256"] : []),
  ];
  return lines.join("");
}

function tokenRequest({ issuer, clientId, redirectUri, secret, pkce }: QuickstartProps): string {
  const lines = [
    `curl ${issuer}/oauth/token`,
    secret ? `-u '${clientId}:CLIENT_SECRET'` : `-d client_id=${clientId}`,
    "-d grant_type=authorization_code",
    "-d code=AUTH_CODE",
    `--data-urlencode 'redirect_uri=${redirectUri}'`,
    ...(pkce ? ["-d code_verifier=VERIFIER"] : []),
  ];
  return lines.join(" \\\n  ");
}

function apiRequest(issuer: string): string {
  return `curl ${issuer}/public/v1/workspaces \\\n  -H 'Authorization: Bearer ACCESS_TOKEN'`;
}
