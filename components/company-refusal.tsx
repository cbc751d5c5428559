/** Why somebody does not manage a company's API credentials here, and who can help. */
import { Lock, PlugZap } from "lucide";
import type { ReactNode } from "react";
import type { Standing } from "@/lib/db/company-roles";
import { roleWords } from "./role-words";
import { Badge } from "./ui/badge";
import { Card } from "./ui/card";
import { Icon } from "./ui/icon";
import { Logo } from "./ui/logo";

/** For members: what the page is for, and whom to ask. */
export function NotManaging({ company }: { company: Standing }) {
  return (
    <Card>
      <Reason icon={<Icon of={Lock} />} title="Only owners and auth managers manage the API">
        You are a member of {company.name}. Its API credentials reach all of its projects, so they are made,
        seen and revoked by the people below alone. Ask one of them, or contact support if you cannot reach
        anybody.
      </Reason>
      <Managers managers={company.managers} />
    </Card>
  );
}

/** For members, where a page is for those who manage the company. */
export function NotForMembers({ company, what }: { company: Standing; what: string }) {
  return (
    <Card>
      <Reason icon={<Icon of={Lock} />} title={`Only owners and auth managers see ${what}`}>
        You are a member of {company.name}. Ask one of the people below if you need to know something.
      </Reason>
      <Managers managers={company.managers} />
    </Card>
  );
}

/** For managers of a company whose plan has no API. */
export function NoPlan({ company }: { company: Standing }) {
  return (
    <Card>
      <Reason icon={<Icon of={PlugZap} />} title="The plan does not include the API">
        With the plan of {company.name} no API credentials can be made, and requests with older ones are
        refused. Contact support to change the plan.
      </Reason>
    </Card>
  );
}

function Reason({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <div className="flex gap-4 px-4 py-5 sm:px-5">
      <span className="grid size-10 shrink-0 place-items-center rounded-lg bg-sunk text-soft [&_svg]:size-5">
        {icon}
      </span>
      <div className="min-w-0">
        <h2 className="font-semibold text-base">{title}</h2>
        <p className="max-w-[64ch] text-md text-soft">{children}</p>
      </div>
    </div>
  );
}

function Managers({ managers }: Pick<Standing, "managers">) {
  if (managers.length === 0) {
    return (
      <p className="border-line border-t px-4 py-4 text-md text-soft sm:px-5">
        Nobody has one of these roles now. Contact support.
      </p>
    );
  }
  return (
    <ul aria-label="Whom to ask" className="border-line border-t">
      {managers.map(({ id, name, email, role }) => (
        <li key={id} className="flex items-center gap-3 border-line px-4 py-3 not-first:border-t sm:px-5">
          <Logo name={name} src={null} />
          <div className="min-w-0 flex-1">
            <p className="truncate font-medium text-md">{name}</p>
            <a
              href={`mailto:${email}`}
              className="block truncate text-sm text-soft underline decoration-edge underline-offset-2 hover:text-ink"
            >
              {email}
            </a>
          </div>
          <Badge>{roleWords[role].label}</Badge>
        </li>
      ))}
    </ul>
  );
}
