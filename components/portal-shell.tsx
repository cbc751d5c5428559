/** The frame of every portal page: side bar on a desk, a top bar with a menu on a phone. */
import { Menu, X } from "lucide";
import Link from "next/link";
import type { ReactNode } from "react";
import { brand } from "@/latchkey.config";
import type { SignedInUser } from "@/lib/server/session";
import { Brand } from "./brand";
import { PortalNav } from "./portal-nav";
import { SignedIn } from "./signed-in";
import { CloseOnNavigation } from "./ui/close-on-navigation";
import { Icon } from "./ui/icon";
import { Toaster } from "./ui/toaster";

interface PortalShellProps {
  user: Pick<SignedInUser, "name" | "email" | "isAdmin" | "companies" | "company">;
  children: ReactNode;
}

export function PortalShell({ user, children }: PortalShellProps) {
  const { name, email } = user;
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-accent px-4 py-2 font-medium text-accent-ink focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        Skip to content
      </a>
      <aside className="hidden border-line border-r md:block">
        <div className="sticky top-0 flex h-dvh flex-col gap-7 overflow-y-auto px-3 pt-5 pb-4">
          <Link
            href="/settings/api-access/apps"
            className="mx-2 w-fit rounded-md"
            aria-label={`${brand.name}, start`}
          >
            <Brand />
          </Link>
          <PortalNav label="Settings" user={user} />
          <div className="mt-auto border-line border-t pt-3">
            <SignedIn name={name} email={email} />
          </div>
        </div>
      </aside>
      <header className="sticky top-0 z-30 border-line border-b bg-ground md:hidden">
        <details className="group">
          <summary className="flex h-14 list-none items-center justify-between px-4 [&::-webkit-details-marker]:hidden">
            <Brand />
            <span className="grid size-11 place-items-center text-soft">
              <Icon of={Menu} className="size-5 group-open:hidden" />
              <Icon of={X} className="hidden size-5 group-open:block" />
              <span className="sr-only">Menu</span>
            </span>
          </summary>
          <div className="absolute inset-x-0 top-full grid max-h-[calc(100dvh-3.5rem)] gap-4 overflow-y-auto border-line border-b bg-ground p-4 shadow-lg">
            <PortalNav label="Menu" user={user} />
            <div className="border-line border-t pt-4">
              <SignedIn name={name} email={email} />
            </div>
          </div>
          <CloseOnNavigation />
        </details>
      </header>
      <main id="content" tabIndex={-1} className="min-w-0 px-4 pt-6 pb-16 sm:px-8 md:px-10 md:pt-9">
        <div className="mx-auto max-w-[60rem]">{children}</div>
      </main>
      <Toaster />
    </div>
  );
}
