/** The requests that make an app work, for each grant of its policy, with its own values in them. */
import { CodeBlock } from "./ui/code-block";

export type Flow = "authorization_code" | "client_credentials" | "password";

export interface QuickstartProps {
  /** The server's public address. */
  issuer: string;
  clientId: string;
  redirectUri: string;
  scope: string;
  /** How it authenticates; public apps have no secret to send. */
  auth: "basic" | "post" | "none";
  pkce: boolean;
  flows: readonly Flow[];
  /** Those that bring a refresh token. */
  refreshes: readonly Flow[];
}

interface Step {
  title: string;
  code: string;
  label: string;
}

const words: Record<Flow, { title: string; text: string }> = {
  authorization_code: {
    title: "For a person: authorization code",
    text: "Recommended. People sign in here; the app never sees their password.",
  },
  client_credentials: {
    title: "Without a person: client credentials",
    text: "For servers and jobs. The token stands for whoever owns the app.",
  },
  password: {
    title: "For a service account: password",
    text: "Works for service accounts only, and until the day on the Policy tab.",
  },
};

export function Quickstart({ copy, ...app }: QuickstartProps & { copy?: boolean }) {
  return (
    <div className="grid grid-cols-1 gap-7">
      {app.flows.map((flow, index) => (
        <section key={flow} aria-labelledby={`flow-${flow}`} className="grid grid-cols-1 gap-4">
          <div>
            <h3 id={`flow-${flow}`} className="font-semibold text-md">
              {words[flow].title}
            </h3>
            <p className="text-faint text-sm">{words[flow].text}</p>
          </div>
          <Steps steps={stepsOf(flow, app, index === 0)} copy={copy} />
        </section>
      ))}
    </div>
  );
}

function Steps({ steps, copy }: { steps: readonly Step[]; copy?: boolean }) {
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
            <h4 className="font-medium text-md leading-6">{step.title}</h4>
            <CodeBlock code={step.code} label={step.label} copy={copy} />
          </div>
        </li>
      ))}
    </ol>
  );
}

/** The API call is shown once: it is the same for every token. */
function stepsOf(flow: Flow, app: QuickstartProps, first: boolean): Step[] {
  const label = (name: string) => (first ? name : `${name}: ${flow.replace("_", " ")}`);
  const steps = [...asking[flow](app, label)];
  if (first) steps.push({ title: "Call the API", code: apiRequest(app), label: label("API request") });
  if (app.refreshes.includes(flow))
    steps.push({
      title: "Get the next access token, without asking again",
      code: tokenRequest(app, ["-d grant_type=refresh_token", "-d refresh_token=REFRESH_TOKEN"]),
      label: label("Refresh request"),
    });
  return steps;
}

const asking: Record<Flow, (app: QuickstartProps, label: (name: string) => string) => Step[]> = {
  authorization_code: (app, label) => [
    { title: "Send people to this address", code: authorizeUrl(app), label: label("Authorization address") },
    {
      title: "Exchange the code you get back",
      code: tokenRequest(app, [
        "-d grant_type=authorization_code",
        "-d code=AUTH_CODE",
        `--data-urlencode 'redirect_uri=${app.redirectUri}'`,
        ...(app.pkce ? ["-d code_verifier=VERIFIER"] : []),
      ]),
      label: label("Token request"),
    },
  ],
  client_credentials: (app, label) => [
    {
      title: "Ask for a token",
      code: tokenRequest(app, ["-d grant_type=client_credentials", `-d scope=${app.scope}`]),
      label: label("Token request"),
    },
  ],
  password: (app, label) => [
    {
      title: "Ask for a token",
      code: tokenRequest(app, [
        "-d grant_type=password",
        "-d username=SERVICE_ACCOUNT",
        "--data-urlencode 'password=PASSWORD'",
        `-d scope=${app.scope}`,
      ]),
      label: label("Token request"),
    },
  ],
};

function authorizeUrl({ issuer, clientId, redirectUri, scope, pkce }: QuickstartProps): string {
  const lines = [
    `${issuer}/oauth/authorize`,
    "?response_type=code",
    `&client_id=${clientId}`,
    `&redirect_uri=${encodeURIComponent(redirectUri)}`,
    `&scope=${scope}`,
    "&state=RANDOM_STATE",
    ...(pkce ? ["&code_challenge=S256_OF_VERIFIER", "&code_challenge_method=S256"] : []),
  ];
  return lines.join("");
}

function tokenRequest({ issuer, clientId, auth }: QuickstartProps, fields: readonly string[]): string {
  const credentials = {
    basic: [`-u '${clientId}:CLIENT_SECRET'`],
    post: [`-d client_id=${clientId}`, "-d client_secret=CLIENT_SECRET"],
    none: [`-d client_id=${clientId}`],
  };
  return [`curl ${issuer}/oauth/token`, ...credentials[auth], ...fields].join(" \\\n  ");
}

function apiRequest({ issuer }: QuickstartProps): string {
  return `curl ${issuer}/public/v1/workspaces \\\n  -H 'Authorization: Bearer ACCESS_TOKEN'`;
}
