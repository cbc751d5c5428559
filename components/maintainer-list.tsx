/** The named maintainers of a company's app. */
import Link from "next/link";
import type { MaintainerRow } from "@/lib/db/app-maintainers";
import type { FormAction } from "./ui/action-state";
import { Card, CardHead } from "./ui/card";
import { ConfirmDialog } from "./ui/confirm-dialog";
import { Logo } from "./ui/logo";
import { Moment } from "./ui/moment";

interface MaintainerListProps {
  app: { id: string; name: string };
  company: string;
  maintainers: readonly MaintainerRow[];
  remove: FormAction;
}

export function MaintainerList({ app, company, maintainers, remove }: MaintainerListProps) {
  return (
    <Card>
      <CardHead
        id="maintainers"
        title="Maintainers"
        text={
          <>
            Beside these, every owner and auth manager among the{" "}
            <Link href="/company/members" className="underline underline-offset-2">
              members of {company}
            </Link>{" "}
            maintains it.
          </>
        }
      />
      {maintainers.length === 0 ? (
        <p className="px-4 py-6 text-md text-soft sm:px-5">Nobody else yet.</p>
      ) : (
        <ul aria-labelledby="maintainers">
          {maintainers.map(({ id, name, email, addedAt }) => (
            <li key={id} className="flex items-center gap-3 border-line px-4 py-3 not-first:border-t sm:px-5">
              <Logo name={name} src={null} />
              <div id={`maintainer-${id}`} className="min-w-0 flex-1">
                <p className="wrap-anywhere font-medium text-md">{name}</p>
                <p className="wrap-anywhere text-faint text-sm">
                  {email} · added <Moment at={addedAt} />
                </p>
              </div>
              <ConfirmDialog
                trigger="Remove"
                triggerDescribedBy={`maintainer-${id}`}
                title={`Remove ${name} as a maintainer?`}
                confirm="Remove"
                action={remove}
                fields={{ app: app.id, person: id }}
                done={`${name} maintains this app no more`}
              >
                <p>
                  <strong>{name}</strong> no longer reaches the pages of {app.name}. They know its secrets:
                  rotate them if that matters.
                </p>
              </ConfirmDialog>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
