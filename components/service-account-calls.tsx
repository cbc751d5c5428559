/** The two requests by which a service account gets at data. */
import { CodeBlock } from "./ui/code-block";

interface ServiceAccountCallsProps {
  /** The server's public address. */
  issuer: string;
  apiKey: string;
  copy?: boolean;
}

export function ServiceAccountCalls({ issuer, apiKey, copy }: ServiceAccountCallsProps) {
  const token = [
    `curl ${issuer}/oauth/token`,
    `-u '${apiKey}:API_SECRET'`,
    "-d grant_type=client_credentials",
  ];
  const data = [`curl ${issuer}/public/v1/projects`, "-H 'Authorization: Bearer ACCESS_TOKEN'"];
  return (
    <div className="grid grid-cols-1 gap-4">
      <CodeBlock code={token.join(" \\\n  ")} label="Token request" copy={copy} />
      <CodeBlock code={data.join(" \\\n  ")} label="API request" copy={copy} />
    </div>
  );
}
