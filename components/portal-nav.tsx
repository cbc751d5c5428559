/** The portal's pages, for the side bar and the menu on phones. */
import {
  Bell,
  Blocks,
  Bot,
  Building,
  Building2,
  CodeXml,
  Gauge,
  KeyRound,
  MonitorSmartphone,
  PlugZap,
  ScrollText,
  ShieldCheck,
  SlidersHorizontal,
  UserRound,
  Users,
  UsersRound,
} from "lucide";
import Link from "next/link";
import type { ReactNode } from "react";
import type { SignedInUser } from "@/lib/server/session";
import { CompanySwitch } from "./company-switch";
import { Icon } from "./ui/icon";
import { NavLink } from "./ui/nav-link";

interface PortalNavProps {
  label: string;
  user: Pick<SignedInUser, "isAdmin" | "companies" | "company">;
}

interface Place {
  href: string;
  label: string;
  icon: ReactNode;
}

const settings: readonly Place[] = [
  { href: "/settings/profile", label: "Profile", icon: <Icon of={UserRound} /> },
  { href: "/settings/sessions", label: "Sessions", icon: <Icon of={MonitorSmartphone} /> },
  { href: "/settings/security", label: "Security", icon: <Icon of={ShieldCheck} /> },
  { href: "/settings/notifications", label: "Notifications", icon: <Icon of={Bell} /> },
  { href: "/settings/api-access", label: "API Access", icon: <Icon of={CodeXml} /> },
];

const companySetup: readonly Place[] = [
  { href: "/company/profile", label: "Company profile", icon: <Icon of={Building2} /> },
  { href: "/company/members", label: "Members", icon: <Icon of={UsersRound} /> },
  { href: "/company/apps", label: "Company apps", icon: <Icon of={Blocks} /> },
  { href: "/company/api", label: "API", icon: <Icon of={PlugZap} /> },
  { href: "/company/audit", label: "Company audit log", icon: <Icon of={ScrollText} /> },
];

const administration: readonly Place[] = [
  { href: "/admin/apps", label: "Apps", icon: <Icon of={Blocks} /> },
  { href: "/admin/users", label: "Users", icon: <Icon of={Users} /> },
  { href: "/admin/companies", label: "Companies", icon: <Icon of={Building} /> },
  { href: "/admin/tokens", label: "Tokens", icon: <Icon of={KeyRound} /> },
  { href: "/admin/service-accounts", label: "Service accounts", icon: <Icon of={Bot} /> },
  { href: "/admin/audit", label: "Audit log", icon: <Icon of={ScrollText} /> },
  { href: "/admin/posture", label: "Posture", icon: <Icon of={Gauge} /> },
  { href: "/admin/settings", label: "Settings", icon: <Icon of={SlidersHorizontal} /> },
];

export function PortalNav({ label, user: { isAdmin, companies, company } }: PortalNavProps) {
  return (
    <nav aria-label={label} className="grid gap-5">
      <Section title="Settings" places={settings} />
      {company && (
        <Section title="Company setup" places={companySetup}>
          <CompanySwitch current={company} companies={companies} />
        </Section>
      )}
      {isAdmin && <Section title="Administration" href="/admin" places={administration} />}
    </nav>
  );
}

interface SectionProps {
  title: string;
  /** Its overview, if there is one. */
  href?: string;
  places: readonly Place[];
  /** Before the places. */
  children?: ReactNode;
}

function Section({ title, href, places, children }: SectionProps) {
  return (
    <div>
      <h2 className="mb-1 px-2.5 font-medium text-faint text-xs">
        {href ? (
          <Link href={href} className="rounded-sm underline-offset-2 hover:text-ink hover:underline">
            {title}
          </Link>
        ) : (
          title
        )}
      </h2>
      {children}
      <ul className="grid gap-0.5">
        {places.map(({ href, label, icon }) => (
          <li key={href}>
            <NavLink href={href} icon={icon}>
              {label}
            </NavLink>
          </li>
        ))}
      </ul>
    </div>
  );
}
