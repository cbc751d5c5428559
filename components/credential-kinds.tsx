/** The two kinds of API credentials, and which one to take. */
import { KeyRound, Ticket } from "lucide";
import type { ReactNode } from "react";
import { Badge } from "./ui/badge";
import { Icon } from "./ui/icon";

export function CredentialKinds() {
  return (
    <dl className="mt-6 grid gap-x-8 gap-y-5 sm:grid-cols-2">
      <Kind
        icon={<Icon of={KeyRound} />}
        title="OAuth credentials"
        badge={<Badge tone="good">Recommended</Badge>}
      >
        A client ID and secret that a server exchanges for access tokens of one hour. The secret itself never
        travels with API requests.
      </Kind>
      <Kind icon={<Icon of={Ticket} />} title="Legacy tokens" badge={<Badge tone="warn">Legacy</Badge>}>
        One token for a month to a year that travels with every request. Still supported, not recommended for
        new integrations.
      </Kind>
    </dl>
  );
}

interface KindProps {
  icon: ReactNode;
  title: string;
  badge: ReactNode;
  children: ReactNode;
}

function Kind({ icon, title, badge, children }: KindProps) {
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3">
      <dt className="contents">
        <span className="row-span-2 mt-0.5 text-faint [&_svg]:size-4">{icon}</span>
        <span className="flex items-center gap-2 font-medium text-md">
          {title} {badge}
        </span>
      </dt>
      <dd className="text-md text-soft">{children}</dd>
    </div>
  );
}
