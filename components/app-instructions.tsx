/** How to register a client application, for those who do it for the first time. */
import { ChevronDown } from "lucide";
import { Icon } from "./ui/icon";

const steps = [
  "Name the app as its users know it. Name and logo are what they see when they are asked to allow it.",
  "Choose whether it has a server. Only a server can keep a client secret; other apps prove themselves with PKCE.",
  "Enter the addresses people come back to after signing in. Exact addresses are the safest.",
  "Tick the scopes it needs. An app can never ask for more than is ticked here.",
  "Leave the policy at Standard: authorization code with PKCE. The others are for clients that cannot follow it yet.",
  "Keep the client ID and the client secret that you are shown. The secret is shown once; code for each step comes with it.",
];

export function AppInstructions() {
  return (
    <details className="group mb-5 text-md">
      <summary className="inline-flex list-none items-center gap-1.5 rounded-sm text-soft hover:text-ink [&::-webkit-details-marker]:hidden">
        How to register a client application
        <Icon of={ChevronDown} className="size-4 transition-transform group-open:rotate-180" />
      </summary>
      <ol className="mt-3 grid list-decimal gap-1.5 pl-5 text-soft marker:text-faint">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </details>
  );
}
