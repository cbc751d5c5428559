/** What administrators allow the whole installation that current practice would not. */
import type { Instance } from "@/lib/oauth/instance";
import { counted } from "./app-words";
import { Badge } from "./ui/badge";
import { Card, CardHead } from "./ui/card";

interface PostureInstallationProps {
  instance: Instance;
  /** Apps that use the implicit and the password grant, personal tokens that never end. */
  uses: { implicit: number; password: number; endless: number };
}

export function PostureInstallation({ instance, uses }: PostureInstallationProps) {
  const lines = [
    {
      on: instance.implicit,
      title: "Implicit grant",
      spec: "RFC 9700 §2.1.2: clients SHOULD NOT use it; removed from OAuth 2.1",
      use: counted(uses.implicit, "app"),
      unused: uses.implicit === 0,
    },
    {
      on: instance.password,
      title: "Password grant",
      spec: "RFC 9700 §2.4: MUST NOT be used; removed from OAuth 2.1",
      use: counted(uses.password, "app"),
      unused: uses.password === 0,
    },
    {
      on: instance.endless_personal_tokens,
      title: "Personal tokens that never expire",
      spec: "RFC 9700 §4.3: short lives limit what a leaked token is worth",
      use: counted(uses.endless, "token"),
      unused: uses.endless === 0,
    },
  ].filter(({ on }) => on);
  if (lines.length === 0) return null;
  return (
    <Card>
      <CardHead
        title="This installation"
        text="Allowed for everybody here, in the settings of the installation."
      />
      <ul>
        {lines.map(({ title, spec, use, unused }) => (
          <li
            key={title}
            className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-line px-4 py-3 not-first:border-t sm:px-5"
          >
            <span className="min-w-0">
              <span className="block font-medium text-md">{title}</span>
              <span className="block text-faint text-sm">{spec}</span>
            </span>
            {unused ? (
              <Badge tone="good">Not used: can be switched off</Badge>
            ) : (
              <Badge tone="warn">Used by {use}</Badge>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
